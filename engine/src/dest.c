/*
 * dest.c - looking destinations up, telling about them, and what clients keep there: opaque pointers and holds.
 */
#include <string.h>

#include "change.h"
#include "deadline.h"
#include "destinfo.h"
#include "expiry.h"

DWORD WINAPI
RtmGetDestInfo(RTM_ENTITY_HANDLE RtmRegHandle, RTM_DEST_HANDLE DestHandle, ULONG ProtocolId, RTM_VIEW_SET TargetViews,
               PRTM_DEST_INFO DestInfo)
{
	struct call c;
	unsigned views;
	DWORD status = NO_ERROR;

	if (!call_begin(&c, RtmRegHandle, READ))
		return ERROR_INVALID_HANDLE;
	if (call_resolve(&c, DestHandle, KIND_DEST) == NULL)
		status = ERROR_INVALID_HANDLE;
	else if (DestInfo == NULL)
		status = ERROR_INVALID_PARAMETER;
	else if (!views_of_mask(TargetViews, &views))
		status = ERROR_NOT_SUPPORTED;
	else
		dest_info_fill(&c, handle_ref(DestHandle), ProtocolId, views, DestInfo);
	call_end(&c);
	return status;
}

DWORD WINAPI
RtmReleaseDestInfo(RTM_ENTITY_HANDLE RtmRegHandle, PRTM_DEST_INFO DestInfo)
{
	struct call c;
	DWORD status;

	if (!call_begin(&c, RtmRegHandle, READ))
		return ERROR_INVALID_HANDLE;
	status = dest_infos_release(&c, 1, DestInfo);
	call_end(&c);
	return status;
}

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
get_destination(RTM_ENTITY_HANDLE handle, const RTM_NET_ADDRESS *address, ULONG protocol, RTM_VIEW_SET mask,
                RTM_DEST_INFO *info, lookup *find)
{
	uint8_t key[KEY_SIZE];
	struct call c;
	unsigned views;
	ref_t ref;
	DWORD status = NO_ERROR;

	if (!call_begin(&c, handle, READ))
		return ERROR_INVALID_HANDLE;
	if (info == NULL || !key_of_prefix(c.c_table, address, key))
		status = ERROR_INVALID_PARAMETER;
	else if (!views_of_mask(mask, &views))
		status = ERROR_NOT_SUPPORTED;
	else if ((ref = find(c.c_table, key, views)) == 0)
		status = ERROR_NOT_FOUND;
	else
		dest_info_fill(&c, ref, protocol, views, info);
	call_end(&c);
	return status;
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

DWORD WINAPI
RtmGetLessSpecificDestination(RTM_ENTITY_HANDLE RtmRegHandle, RTM_DEST_HANDLE DestHandle, ULONG ProtocolId,
                              RTM_VIEW_SET TargetViews, PRTM_DEST_INFO DestInfo)
{
	const struct dest *d;
	struct call c;
	unsigned views;
	ref_t ref;
	DWORD status = NO_ERROR;

	if (!call_begin(&c, RtmRegHandle, READ))
		return ERROR_INVALID_HANDLE;
	if ((d = call_resolve(&c, DestHandle, KIND_DEST)) == NULL)
		status = ERROR_INVALID_HANDLE;
	else if (DestInfo == NULL)
		status = ERROR_INVALID_PARAMETER;
	else if (!views_of_mask(TargetViews, &views))
		status = ERROR_NOT_SUPPORTED;
	else if ((ref = lookup_shorter(c.c_table, d->d_key, views)) == 0)
		status = ERROR_NOT_FOUND;
	else
		dest_info_fill(&c, ref, ProtocolId, views, DestInfo);
	call_end(&c);
	return status;
}

/*
 * Opaque pointers and hold-down
 */

DWORD WINAPI
RtmGetOpaqueInformationPointer(RTM_ENTITY_HANDLE RtmRegHandle, RTM_DEST_HANDLE DestHandle, PVOID *OpaqueInfoPointer)
{
	struct destextra *x;
	struct dest *d;
	struct call c;
	DWORD status = NO_ERROR;

	if (!call_begin(&c, RtmRegHandle, WRITE))
		return ERROR_INVALID_HANDLE;
	if ((d = call_resolve(&c, DestHandle, KIND_DEST)) == NULL)
		status = ERROR_INVALID_HANDLE;
	else if (OpaqueInfoPointer == NULL)
		status = ERROR_INVALID_PARAMETER;
	else if (c.c_caller->e_opaque == 0)
		status = ERROR_NOT_FOUND;
	else if ((x = dest_extra(c.c_table, d)) == NULL)
		status = ERROR_NOT_ENOUGH_MEMORY;
	else
		*OpaqueInfoPointer = &x->x_opaque[c.c_caller->e_opaque - 1];
	call_end(&c);
	return status;
}

DWORD WINAPI
RtmHoldDestination(RTM_ENTITY_HANDLE RtmRegHandle, RTM_DEST_HANDLE DestHandle, RTM_VIEW_SET TargetViews, ULONG HoldTime)
{
	struct destextra *x;
	struct dest *d;
	struct call c;
	unsigned views;
	DWORD status;

	if (!call_begin(&c, RtmRegHandle, WRITE))
		return ERROR_INVALID_HANDLE;
	status = ERROR_INVALID_HANDLE;
	if ((d = call_resolve(&c, DestHandle, KIND_DEST)) == NULL)
		goto done;
	status = ERROR_INVALID_PARAMETER;
	if (HoldTime == 0 || TargetViews == 0 || !views_of_mask(TargetViews, &views))
		goto done;
	status = ERROR_NOT_ENOUGH_MEMORY;
	if ((x = dest_extra(c.c_table, d)) == NULL || (x->x_hold_views == 0 && !timer_reserve(&c.c_table->t_timers)))
		goto done;
	status = ERROR_NO_SYSTEM_RESOURCES;
	if (!worker_start(expiry_run))
		goto done;
	if (x->x_hold_views == 0)
		timer_keep(&c.c_table->t_timers);
	x->x_hold_views |= views;
	if (HoldTime > x->x_hold_time)
		x->x_hold_time = HoldTime;
	if (x->x_hold_since != 0)
		deadline_set(c.c_table, handle_ref(DestHandle), true, x->x_hold_since + x->x_hold_time);
	dest_stamp(d);
	status = NO_ERROR;
done:
	call_end(&c);
	return status;
}
