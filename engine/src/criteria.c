/*
 * criteria.c - matching routes. See criteria.h.
 */
#include <string.h>

#include "criteria.h"

DWORD
criteria_read(const struct call *c, RTM_MATCH_FLAGS flags, const RTM_ROUTE_INFO *info, ULONG interface_index,
              struct criteria *m)
{
	memset(m, 0, sizeof(*m));
	m->m_flags = flags == RTM_MATCH_FULL ? MATCH_ALL : flags;
	m->m_interface = interface_index;
	if ((m->m_flags & ~MATCH_ALL) != 0)
		return ERROR_INVALID_PARAMETER;
	if ((m->m_flags & ~RTM_MATCH_INTERFACE) == 0)
		return NO_ERROR;
	if (info == NULL ||
	    ((m->m_flags & RTM_MATCH_NEXTHOP) != 0 && info->NextHopsList.NumNextHops > MAX_NEXT_HOPS))
		return ERROR_INVALID_PARAMETER;
	if ((m->m_flags & RTM_MATCH_OWNER) != 0) {
		m->m_owner = info->RouteOwner;
		if (call_resolve(c, m->m_owner, KIND_ENTITY) == NULL)
			return ERROR_INVALID_HANDLE;
	}
	if ((m->m_flags & RTM_MATCH_NEIGHBOUR) != 0) {
		m->m_neighbour = info->Neighbour;
		if (m->m_neighbour != NULL && call_resolve(c, m->m_neighbour, KIND_NEXTHOP) == NULL)
			return ERROR_INVALID_HANDLE;
	}
	if ((m->m_flags & RTM_MATCH_NEXTHOP) != 0) {
		m->m_hops = info->NextHopsList.NumNextHops;
		for (unsigned i = 0; i < m->m_hops; i++) {
			m->m_hop[i] = info->NextHopsList.NextHops[i];
			if (call_resolve(c, m->m_hop[i], KIND_NEXTHOP) == NULL)
				return ERROR_INVALID_HANDLE;
		}
	}
	m->m_pref = info->PrefInfo;
	return NO_ERROR;
}

/* Whether the route's next hops and the wanted ones are the same set. */
static bool
match_hops(const struct criteria *m, const struct route *r)
{
	unsigned seen = 0;

	for (unsigned i = 0; i < r->r_hops; i++) {
		HANDLE hop = hop_handle(route_hop(r, i));
		bool wanted = false;

		for (unsigned k = 0; k < m->m_hops; k++)
			if (m->m_hop[k] == hop) {
				wanted = true;
				seen |= 1u << k;
			}
		if (!wanted)
			return false;
	}
	return seen == (1u << m->m_hops) - 1;
}

static bool
match_interface(ULONG interface_index, const struct route *r)
{
	for (unsigned i = 0; i < r->r_hops; i++)
		if (nexthop_at(route_hop(r, i))->n_info.InterfaceIndex == interface_index)
			return true;
	return false;
}

bool
criteria_match(const struct criteria *m, const struct route *r)
{
	RTM_MATCH_FLAGS f = m->m_flags;

	return ((f & RTM_MATCH_OWNER) == 0 || m->m_owner == handle_of(r->r_owner, entity_at(r->r_owner))) &&
	       ((f & RTM_MATCH_NEIGHBOUR) == 0 || m->m_neighbour == hop_handle(r->r_neighbour)) &&
	       ((f & RTM_MATCH_PREF) == 0 ||
	        (m->m_pref.Preference == r->r_preference && m->m_pref.Metric == r->r_metric)) &&
	       ((f & RTM_MATCH_NEXTHOP) == 0 || match_hops(m, r)) &&
	       ((f & RTM_MATCH_INTERFACE) == 0 || match_interface(m->m_interface, r));
}
