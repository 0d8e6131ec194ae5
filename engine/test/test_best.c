/* test_best.c - which route is the best of a destination in each view, and when a call says that it changed. */
#include "support.h"

/* Two owners, because the choice does not depend on who owns a route. */
struct pair {
	RTM_ENTITY_HANDLE a;
	RTM_ENTITY_HANDLE b;
};

static struct pair enter_pair(void)
{
	struct pair pair = {enter(8), enter(9)};

	return pair;
}

static void leave_pair(struct pair pair)
{
	leave(pair.a);
	leave(pair.b);
}

TEST(the_smaller_preference_is_better)
{
	struct pair e = enter_pair();
	RTM_ROUTE_HANDLE worse = keep_route(e.a, ROUTE(.to = "10.0.0.0/8", .pref = 20, .metric = 1));
	RTM_ROUTE_HANDLE better = keep_route(e.b, ROUTE(.to = "10.0.0.0/8", .pref = 10, .metric = 9));

	CHECK_SAME(best_of(e.a, "10.0.0.0/8", UCAST), better);
	CHECK_EQ(best_in(e.a, better), UCAST);
	CHECK_EQ(best_in(e.a, worse), 0);
	leave_pair(e);
}

TEST(of_equal_preference_the_smaller_metric_is_better)
{
	struct pair e = enter_pair();
	RTM_ROUTE_HANDLE worse = keep_route(e.a, ROUTE(.to = "10.0.0.0/8", .pref = 10, .metric = 9));
	RTM_ROUTE_HANDLE better = keep_route(e.b, ROUTE(.to = "10.0.0.0/8", .pref = 10, .metric = 8));

	CHECK_SAME(best_of(e.a, "10.0.0.0/8", UCAST), better);
	CHECK_EQ(best_in(e.a, worse), 0);
	leave_pair(e);
}

TEST(preference_and_metric_are_unsigned)
{
	struct pair e = enter_pair();
	RTM_ROUTE_HANDLE best = keep_route(e.a, ROUTE(.to = "10.0.0.0/8", .pref = 1, .metric = 0x7FFFFFFF));

	keep_route(e.b, ROUTE(.to = "10.0.0.0/8", .pref = 1, .metric = 0x80000000));
	CHECK_SAME(best_of(e.a, "10.0.0.0/8", UCAST), best);
	keep_route(e.b, ROUTE(.to = "10.0.0.0/8", .pref = 0xFFFFFFFF));
	CHECK_SAME(best_of(e.a, "10.0.0.0/8", UCAST), best);
	leave_pair(e);
}

TEST(of_equal_routes_the_incumbent_stays) /* decision 91 */
{
	struct pair e = enter_pair();
	RTM_ROUTE_HANDLE first = keep_route(e.a, ROUTE(.to = "10.0.0.0/8", .pref = 10, .metric = 5)), second = NULL;
	RTM_ROUTE_CHANGE_FLAGS flags = 0;

	REQUIRE_EQ(try_route(e.b, &second, ROUTE(.to = "10.0.0.0/8", .pref = 10, .metric = 5), &flags), NO_ERROR);
	CHECK_EQ(flags, RTM_ROUTE_CHANGE_NEW);
	CHECK_SAME(best_of(e.a, "10.0.0.0/8", UCAST), first);
	release_route(e.b, second);
	leave_pair(e);
}

TEST(an_incumbent_that_came_later_stays_against_an_equal_elder) /* decision 91 */
{
	struct pair e = enter_pair();
	RTM_ROUTE_HANDLE elder = keep_route(e.a, ROUTE(.to = "10.0.0.0/8", .pref = 10));
	RTM_ROUTE_HANDLE incumbent = keep_route(e.b, ROUTE(.to = "10.0.0.0/8", .pref = 5));

	CHECK_EQ(update_route(e.b, incumbent, ROUTE(.pref = 10)), RTM_ROUTE_CHANGE_BEST);
	CHECK_SAME(best_of(e.a, "10.0.0.0/8", UCAST), incumbent);
	CHECK_EQ(update_route(e.a, elder, ROUTE(.pref = 10)), 0);
	CHECK_SAME(best_of(e.a, "10.0.0.0/8", UCAST), incumbent);
	leave_pair(e);
}

TEST(an_incumbent_stays_when_an_elder_draws_level) /* decision 91 */
{
	struct pair e = enter_pair();
	RTM_ROUTE_HANDLE elder = keep_route(e.a, ROUTE(.to = "10.0.0.0/8", .pref = 10));
	RTM_ROUTE_HANDLE incumbent = keep_route(e.b, ROUTE(.to = "10.0.0.0/8", .pref = 5));

	CHECK_EQ(update_route(e.a, elder, ROUTE(.pref = 5)), 0);
	CHECK_SAME(best_of(e.a, "10.0.0.0/8", UCAST), incumbent);
	leave_pair(e);
}

TEST(without_an_incumbent_the_route_created_first_wins) /* decision 91 */
{
	RTM_ENTITY_HANDLE entities[4];
	RTM_ROUTE_HANDLE routes[4];

	for (ULONG i = 0; i < 4; i++)
		entities[i] = enter(10 + i);
	routes[0] = keep_route(entities[0], ROUTE(.to = "10.0.0.0/8", .pref = 1));
	for (unsigned i = 1; i < 4; i++)
		routes[i] = keep_route(entities[i], ROUTE(.to = "10.0.0.0/8", .pref = 2));
	/* Updates do not make a route younger. */
	update_route(entities[1], routes[1], ROUTE(.pref = 3));
	update_route(entities[1], routes[1], ROUTE(.pref = 2));
	CHECK_EQ(remove_route(entities[0], routes[0]), RTM_ROUTE_CHANGE_BEST);
	CHECK_SAME(best_of(entities[3], "10.0.0.0/8", UCAST), routes[1]);
	CHECK_EQ(remove_route(entities[2], routes[2]), 0);
	CHECK_EQ(remove_route(entities[1], routes[1]), RTM_ROUTE_CHANGE_BEST);
	CHECK_SAME(best_of(entities[0], "10.0.0.0/8", UCAST), routes[3]);
	for (unsigned i = 0; i < 4; i++)
		leave(entities[i]);
}

TEST(a_route_deleted_and_added_again_is_younger) /* decision 91 */
{
	struct pair e = enter_pair();
	RTM_ROUTE_HANDLE elder = keep_route(e.a, ROUTE(.to = "10.0.0.0/8")), other, again;

	other = keep_route(e.b, ROUTE(.to = "10.0.0.0/8"));
	remove_route(e.a, elder);
	again = keep_route(e.a, ROUTE(.to = "10.0.0.0/8"));
	CHECK_SAME(best_of(e.a, "10.0.0.0/8", UCAST), other);
	CHECK_EQ(best_in(e.a, again), 0);
	leave_pair(e);
}

TEST(an_update_that_makes_the_best_route_worse_lets_another_win) /* decision 86 */
{
	struct pair e = enter_pair();
	RTM_ROUTE_HANDLE best = keep_route(e.a, ROUTE(.to = "10.0.0.0/8", .metric = 1));
	RTM_ROUTE_HANDLE other = keep_route(e.b, ROUTE(.to = "10.0.0.0/8", .metric = 2));

	CHECK_EQ(update_route(e.a, best, ROUTE(.metric = 3)), RTM_ROUTE_CHANGE_BEST);
	CHECK_SAME(best_of(e.a, "10.0.0.0/8", UCAST), other);
	CHECK_EQ(update_route(e.a, best, ROUTE(.metric = 4)), 0);
	CHECK_EQ(update_route(e.b, other, ROUTE(.metric = 3)), RTM_ROUTE_CHANGE_BEST);
	CHECK_SAME(best_of(e.a, "10.0.0.0/8", UCAST), other);
	leave_pair(e);
}

TEST(an_update_that_makes_a_route_better_lets_it_win) /* decision 86 */
{
	struct pair e = enter_pair();
	RTM_ROUTE_HANDLE other = keep_route(e.b, ROUTE(.to = "10.0.0.0/8", .metric = 5));

	keep_route(e.a, ROUTE(.to = "10.0.0.0/8", .metric = 1));
	CHECK_EQ(update_route(e.b, other, ROUTE(.metric = 2)), 0);
	CHECK_EQ(update_route(e.b, other, ROUTE(.metric = 0)), RTM_ROUTE_CHANGE_BEST);
	CHECK_SAME(best_of(e.a, "10.0.0.0/8", UCAST), other);
	leave_pair(e);
}

TEST(an_update_of_the_best_route_always_tells_best) /* decision 86 */
{
	RTM_ENTITY_HANDLE entity = enter(8);
	RTM_ROUTE_HANDLE route = keep_route(entity, ROUTE(.to = "10.0.0.0/8", .metric = 1));

	CHECK_EQ(update_route(entity, route, ROUTE(.metric = 1)), RTM_ROUTE_CHANGE_BEST);
	leave(entity);
}

TEST(a_new_route_that_is_not_best_does_not_tell_best) /* decision 86 */
{
	struct pair e = enter_pair();
	RTM_ROUTE_CHANGE_FLAGS flags = 0;

	keep_route(e.a, ROUTE(.to = "10.0.0.0/8", .metric = 1));
	CHECK_EQ(try_route(e.b, NULL, ROUTE(.to = "10.0.0.0/8", .metric = 2), &flags), NO_ERROR);
	CHECK_EQ(flags, RTM_ROUTE_CHANGE_NEW);
	leave_pair(e);
}

TEST(every_view_has_a_best_route_of_its_own)
{
	struct pair e = enter_pair();
	RTM_ROUTE_HANDLE unicast = keep_route(e.a, ROUTE(.to = "10.0.0.0/8", .metric = 1, .in = UCAST));
	RTM_ROUTE_HANDLE both = keep_route(e.b, ROUTE(.to = "10.0.0.0/8", .metric = 2, .in = BOTH));

	CHECK_EQ(best_in(e.a, unicast), UCAST);
	CHECK_EQ(best_in(e.a, both), MCAST);
	CHECK_SAME(best_of(e.a, "10.0.0.0/8", UCAST), unicast);
	CHECK_SAME(best_of(e.a, "10.0.0.0/8", MCAST), both);
	CHECK_EQ(remove_route(e.a, unicast), RTM_ROUTE_CHANGE_BEST);
	CHECK_EQ(best_in(e.a, both), BOTH);
	leave_pair(e);
}

TEST(best_in_one_of_its_views_is_enough_to_tell_best) /* decision 86 */
{
	struct pair e = enter_pair();
	RTM_ROUTE_CHANGE_FLAGS flags = 0;
	RTM_ROUTE_HANDLE both = NULL;

	keep_route(e.a, ROUTE(.to = "10.0.0.0/8", .metric = 1, .in = UCAST));
	CHECK_EQ(try_route(e.b, &both, ROUTE(.to = "10.0.0.0/8", .metric = 2, .in = BOTH), &flags), NO_ERROR);
	CHECK_EQ(flags, RTM_ROUTE_CHANGE_NEW | RTM_ROUTE_CHANGE_BEST);
	release_route(e.b, both);
	leave_pair(e);
}

TEST(a_route_that_leaves_a_view_is_no_longer_best_there) /* decision 86 */
{
	struct pair e = enter_pair();
	RTM_ROUTE_HANDLE best = keep_route(e.a, ROUTE(.to = "10.0.0.0/8", .metric = 1, .in = BOTH));
	RTM_ROUTE_HANDLE other = keep_route(e.b, ROUTE(.to = "10.0.0.0/8", .metric = 2, .in = BOTH));

	CHECK_EQ(update_route(e.a, best, ROUTE(.metric = 1, .in = UCAST)), RTM_ROUTE_CHANGE_BEST);
	CHECK_EQ(best_in(e.a, best), UCAST);
	CHECK_EQ(best_in(e.a, other), MCAST);
	CHECK_EQ(update_route(e.a, best, ROUTE(.metric = 1, .in = IN_NO_VIEW)), RTM_ROUTE_CHANGE_BEST);
	CHECK_EQ(best_in(e.a, best), 0);
	CHECK_EQ(best_in(e.a, other), BOTH);
	CHECK_EQ(update_route(e.a, best, ROUTE(.metric = 3, .in = IN_NO_VIEW)), 0);
	CHECK_EQ(update_route(e.a, best, ROUTE(.metric = 1, .in = MCAST)), RTM_ROUTE_CHANGE_BEST);
	CHECK_EQ(best_in(e.a, best), MCAST);
	CHECK_EQ(best_in(e.a, other), UCAST);
	leave_pair(e);
}

TEST(incumbency_is_kept_for_each_view) /* decision 91 */
{
	struct pair e = enter_pair();
	RTM_ROUTE_HANDLE unicast = keep_route(e.a, ROUTE(.to = "10.0.0.0/8", .in = UCAST));
	RTM_ROUTE_HANDLE multicast = keep_route(e.b, ROUTE(.to = "10.0.0.0/8", .in = MCAST));

	CHECK_EQ(update_route(e.a, unicast, ROUTE(.in = BOTH)), RTM_ROUTE_CHANGE_BEST);
	CHECK_EQ(update_route(e.b, multicast, ROUTE(.in = BOTH)), RTM_ROUTE_CHANGE_BEST);
	CHECK_EQ(best_in(e.a, unicast), UCAST);
	CHECK_EQ(best_in(e.a, multicast), MCAST);
	leave_pair(e);
}

TEST(a_route_that_returns_to_a_view_does_not_displace_an_equal_one) /* decision 91 */
{
	struct pair e = enter_pair();
	RTM_ROUTE_HANDLE elder = keep_route(e.a, ROUTE(.to = "10.0.0.0/8", .in = UCAST));
	RTM_ROUTE_HANDLE other = keep_route(e.b, ROUTE(.to = "10.0.0.0/8", .in = UCAST));

	CHECK_EQ(update_route(e.a, elder, ROUTE(.in = MCAST)), RTM_ROUTE_CHANGE_BEST);
	CHECK_EQ(best_in(e.a, other), UCAST);
	CHECK_EQ(update_route(e.a, elder, ROUTE(.in = BOTH)), RTM_ROUTE_CHANGE_BEST); /* best in MCAST */
	CHECK_EQ(best_in(e.a, elder), MCAST);
	CHECK_EQ(best_in(e.a, other), UCAST);
	leave_pair(e);
}

TEST(deleting_a_route_of_no_view_changes_nothing_best)
{
	struct pair e = enter_pair();
	RTM_ROUTE_HANDLE hidden = keep_route(e.a, ROUTE(.to = "10.0.0.0/8", .pref = 0, .in = IN_NO_VIEW));
	RTM_ROUTE_HANDLE shown = keep_route(e.b, ROUTE(.to = "10.0.0.0/8", .pref = 9));

	CHECK_EQ(best_in(e.a, shown), UCAST);
	CHECK_EQ(remove_route(e.a, hidden), 0);
	CHECK_EQ(best_in(e.a, shown), UCAST);
	leave_pair(e);
}

TEST(the_best_route_is_chosen_for_each_destination)
{
	struct pair e = enter_pair();
	RTM_ROUTE_HANDLE wide = keep_route(e.a, ROUTE(.to = "10.0.0.0/8", .pref = 9));
	RTM_ROUTE_HANDLE narrow = keep_route(e.b, ROUTE(.to = "10.0.0.0/16", .pref = 1));

	CHECK_EQ(best_in(e.a, wide), UCAST);
	CHECK_EQ(best_in(e.a, narrow), UCAST);
	leave_pair(e);
}

TEST(attributes_other_than_preference_and_metric_do_not_matter)
{
	struct pair e = enter_pair();
	RTM_ROUTE_HANDLE first = keep_route(e.a, ROUTE(.to = "10.0.0.0/8", .flags = RTM_ROUTE_FLAGS_BLACKHOLE |
	                                                                           RTM_ROUTE_FLAGS_INACTIVE));

	keep_route(e.b, ROUTE(.to = "10.0.0.0/8", .neighbour = keep_hop(e.b, "192.0.2.1", 3),
	                      .via = {keep_hop(e.b, "192.0.2.1", 3), keep_hop(e.b, "192.0.2.2", 3)}));
	CHECK_SAME(best_of(e.a, "10.0.0.0/8", UCAST), first);
	leave_pair(e);
}
