/* test_layout.c - the header's structures are those of the Windows ABI; what is constant, the compiler checks. */
#include "harness.h"
#include "layout_asserts.h"

TEST(an_entity_id_has_the_protocol_in_its_low_half) /* decision 170 */
{
	RTM_ENTITY_ID id;

	id.EntityId = 0x0000000200000001u;
	CHECK_EQ(id.EntityProtocolId, 1);
	CHECK_EQ(id.EntityInstanceId, 2);
}

TEST(destination_infos_of_an_array_lie_a_whole_number_of_views_apart) /* decision 119 */
{
	RTM_DEST_INFO *info = NULL;

	CHECK_EQ(RTM_SIZE_OF_DEST_INFO(1), sizeof(*info));
	for (unsigned views = 0; views <= RTM_MAX_VIEWS; views++)
		CHECK_EQ(RTM_SIZE_OF_DEST_INFO(views) % _Alignof(RTM_DEST_INFO), 0);
}

TEST(the_route_size_macro_is_one_handle_too_small) /* decision 98 */
{
	for (unsigned hops = 0; hops <= 8; hops++)
		CHECK_EQ(RTM_SIZE_OF_ROUTE_INFO(hops) + sizeof(HANDLE),
		         offsetof(RTM_ROUTE_INFO, NextHopsList.NextHops) + hops * sizeof(HANDLE));
}
