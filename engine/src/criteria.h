/*
 * criteria.h - the RTM_MATCH_* flags, and what they select.
 */
#ifndef RTM2_CRITERIA_H
#define RTM2_CRITERIA_H

#include "call.h"

#define MATCH_ALL \
	(RTM_MATCH_OWNER | RTM_MATCH_NEIGHBOUR | RTM_MATCH_PREF | RTM_MATCH_NEXTHOP | RTM_MATCH_INTERFACE)

/* What RTM_MATCH_* flags select. Handles, not ref_ts: what goes while an enumeration is open never matches again. */
struct criteria {
	RTM_MATCH_FLAGS m_flags;
	ULONG m_interface;
	HANDLE m_owner, m_neighbour;
	RTM_PREF_INFO m_pref;
	unsigned m_hops;
	HANDLE m_hop[MAX_NEXT_HOPS];
};

/* Reads the criteria of a call. Returns NO_ERROR; 6 for a handle that is none; 87 for undefined flags, too many next
 * hops, or no info where the flags need it. */
DWORD criteria_read(const struct call *, RTM_MATCH_FLAGS, const RTM_ROUTE_INFO *, ULONG interface_index,
                    struct criteria *);

bool criteria_match(const struct criteria *, const struct route *);

#endif
