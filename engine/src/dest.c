/*
 * dest.c - looking destinations up, telling about them, and what clients keep there: opaque pointers and holds.
 */
#include <string.h>

#include "change.h"
#include "deadline.h"
#include "destinfo.h"
#include "expiry.h"

static DWORD
get_dest_info(struct call *c, RTM_DEST_HANDLE handle, ULONG protocol, RTM_VIEW_SET mask, RTM_DEST_INFO *info)
{
	unsigned views;

	if (call_resolve(c, handle, KIND_DEST) == NULL)
		return ERROR_INVALID_HANDLE;
	if (info == NULL)
		return ERROR_INVALID_PARAMETER;
	if (!views_of_mask(mask, &views))
		return ERROR_NOT_SUPPORTED;
	dest_info_fill(c, handle_ref(handle), protocol, views, info);
	return NO_ERROR;
}

DWORD WINAPI
RtmGetDestInfo(RTM_ENTITY_HANDLE RtmRegHandle, RTM_DEST_HANDLE DestHandle, ULONG ProtocolId, RTM_VIEW_SET TargetViews,
               PRTM_DEST_INFO DestInfo)
{
	struct call c = call_by(RtmRegHandle, READ);

	while (call_attempt(&c))
		c.c_status = get_dest_info(&c, DestHandle, ProtocolId, TargetViews, DestInfo);
	return c.c_status;
}

DWORD WINAPI
RtmReleaseDestInfo(RTM_ENTITY_HANDLE RtmRegHandle, PRTM_DEST_INFO DestInfo)
{
	struct call c = call_by(RtmRegHandle, READ);

	while (call_attempt(&c))
		c.c_status = dest_infos_release(&c, 1, DestInfo);
	return c.c_status;
}

/*
 * Lookups
 */

typedef ref_t lookup(const struct table *, const uint8_t *key, unsigned views);

static ref_t
lookup_exact(const struct table *t, const uint8_t *key, unsigned views)
{
	ref_t ref = trie_find(&t->t_dests, key);

	return ref != 0 && dest_visible(dest_at(ref), views) ? ref : 0;
}

/* What is not seen in the views is passed over for a shorter prefix. */
static ref_t
lookup_longest(const struct table *t, const uint8_t *key, unsigned views)
{
	unsigned bits = key[0];

	for (;;) {
		ref_t ref = trie_match(&t->t_dests, key, bits);

		if (ref == 0 || dest_visible(dest_at(ref), views))
			return ref;
		bits = dest_at(ref)->d_key[0];
		if (bits-- == 0)
			return 0;
	}
}

/* The next shorter prefix; the destination itself may have left the table. */
static ref_t
lookup_shorter(const struct table *t, const uint8_t *key, unsigned views)
{
	uint8_t shorter[KEY_SIZE];

	if (key[0] == 0)
		return 0;
	memcpy(shorter, key, 1 + t->t_octets);
	shorter[0]--;
	return lookup_longest(t, shorter, views);
}

static DWORD
find_destination(struct call *c, const RTM_NET_ADDRESS *address, ULONG protocol, RTM_VIEW_SET mask, RTM_DEST_INFO *info,
                 lookup *find)
{
	uint8_t key[KEY_SIZE];
	unsigned views;
	ref_t ref;

	if (info == NULL || !key_of_prefix(c->c_table, address, key))
		return ERROR_INVALID_PARAMETER;
	if (!views_of_mask(mask, &views))
		return ERROR_NOT_SUPPORTED;
	if ((ref = find(c->c_table, key, views)) == 0)
		return ERROR_NOT_FOUND;
	dest_info_fill(c, ref, protocol, views, info);
	return NO_ERROR;
}

static DWORD
get_destination(RTM_ENTITY_HANDLE self, const RTM_NET_ADDRESS *address, ULONG protocol, RTM_VIEW_SET mask,
                RTM_DEST_INFO *info, lookup *find)
{
	struct call c = call_by(self, READ);

	while (call_attempt(&c))
		c.c_status = find_destination(&c, address, protocol, mask, info, find);
	return c.c_status;
}

DWORD WINAPI
RtmGetExactMatchDestination(RTM_ENTITY_HANDLE RtmRegHandle, PRTM_NET_ADDRESS DestAddress, ULONG ProtocolId,
                            RTM_VIEW_SET TargetViews, PRTM_DEST_INFO DestInfo)
{
	return get_destination(RtmRegHandle, DestAddress, ProtocolId, TargetViews, DestInfo, lookup_exact);
}

DWORD WINAPI
RtmGetMostSpecificDestination(RTM_ENTITY_HANDLE RtmRegHandle, PRTM_NET_ADDRESS DestAddress, ULONG ProtocolId,
                              RTM_VIEW_SET TargetViews, PRTM_DEST_INFO DestInfo)
{
	return get_destination(RtmRegHandle, DestAddress, ProtocolId, TargetViews, DestInfo, lookup_longest);
}

static DWORD
find_less_specific(struct call *c, RTM_DEST_HANDLE handle, ULONG protocol, RTM_VIEW_SET mask, RTM_DEST_INFO *info)
{
	const struct dest *d = call_resolve(c, handle, KIND_DEST);
	unsigned views;
	ref_t ref;

	if (d == NULL)
		return ERROR_INVALID_HANDLE;
	if (info == NULL)
		return ERROR_INVALID_PARAMETER;
	if (!views_of_mask(mask, &views))
		return ERROR_NOT_SUPPORTED;
	if ((ref = lookup_shorter(c->c_table, d->d_key, views)) == 0)
		return ERROR_NOT_FOUND;
	dest_info_fill(c, ref, protocol, views, info);
	return NO_ERROR;
}

DWORD WINAPI
RtmGetLessSpecificDestination(RTM_ENTITY_HANDLE RtmRegHandle, RTM_DEST_HANDLE DestHandle, ULONG ProtocolId,
                              RTM_VIEW_SET TargetViews, PRTM_DEST_INFO DestInfo)
{
	struct call c = call_by(RtmRegHandle, READ);

	while (call_attempt(&c))
		c.c_status = find_less_specific(&c, DestHandle, ProtocolId, TargetViews, DestInfo);
	return c.c_status;
}

/*
 * Opaque pointers and hold-down
 */

static DWORD
get_opaque_pointer(struct call *c, RTM_DEST_HANDLE handle, PVOID *pointer)
{
	struct dest *d = call_resolve(c, handle, KIND_DEST);
	struct destextra *x;

	if (d == NULL)
		return ERROR_INVALID_HANDLE;
	if (pointer == NULL)
		return ERROR_INVALID_PARAMETER;
	if (c->c_caller->e_opaque == 0)
		return ERROR_NOT_FOUND;
	if ((x = dest_extra(c->c_table, d)) == NULL)
		return ERROR_NOT_ENOUGH_MEMORY;
	*pointer = &x->dx_opaque[c->c_caller->e_opaque - 1];
	return NO_ERROR;
}

DWORD WINAPI
RtmGetOpaqueInformationPointer(RTM_ENTITY_HANDLE RtmRegHandle, RTM_DEST_HANDLE DestHandle, PVOID *OpaqueInfoPointer)
{
	struct call c = call_by(RtmRegHandle, WRITE);

	while (call_attempt(&c))
		c.c_status = get_opaque_pointer(&c, DestHandle, OpaqueInfoPointer);
	return c.c_status;
}

static DWORD
hold_destination(struct call *c, RTM_DEST_HANDLE handle, RTM_VIEW_SET mask, ULONG time)
{
	struct dest *d = call_resolve(c, handle, KIND_DEST);
	struct timers *timers = &c->c_table->t_timers;
	struct destextra *x;
	unsigned views;

	if (d == NULL)
		return ERROR_INVALID_HANDLE;
	if (time == 0 || mask == 0 || !views_of_mask(mask, &views))
		return ERROR_INVALID_PARAMETER;
	if ((x = dest_extra(c->c_table, d)) == NULL || (x->dx_hold_views == 0 && !timer_reserve(timers)))
		return ERROR_NOT_ENOUGH_MEMORY;
	if (!worker_start(expiry_run))
		return ERROR_NO_SYSTEM_RESOURCES;
	if (x->dx_hold_views == 0)
		timer_keep(timers);
	x->dx_hold_views |= views;
	if (time > x->dx_hold_time)
		x->dx_hold_time = time;
	if (x->dx_hold_since != 0)
		deadline_set(c->c_table, handle_ref(handle), true, x->dx_hold_since + x->dx_hold_time);
	dest_stamp(d);
	return NO_ERROR;
}

DWORD WINAPI
RtmHoldDestination(RTM_ENTITY_HANDLE RtmRegHandle, RTM_DEST_HANDLE DestHandle, RTM_VIEW_SET TargetViews, ULONG HoldTime)
{
	struct call c = call_by(RtmRegHandle, WRITE);

	while (call_attempt(&c))
		c.c_status = hold_destination(&c, DestHandle, TargetViews, HoldTime);
	return c.c_status;
}
