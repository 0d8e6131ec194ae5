/*
 * destinfo.c - what lookups and enumerations see of a destination, and RTM_DEST_INFO. See destinfo.h.
 */
#include "destinfo.h"

#define HELD_IN_DEST_INFO (1 + 3 * VIEW_COUNT)

bool
dest_visible(const struct dest *d, unsigned views)
{
	if (views == 0 && d->d_routes != 0)
		return true;
	for (unsigned v = 0; v < VIEW_COUNT; v++)
		if (views == 0 ? dest_held(d, v) != 0 : (views >> v & 1) != 0 && d->d_best[v] != 0)
			return true;
	return false;
}

size_t
dest_info_size(unsigned views)
{
	size_t count = 0;

	for (unsigned v = 0; v < VIEW_COUNT; v++)
		count += views >> v & 1;
	return RTM_SIZE_OF_DEST_INFO(count);
}

/* The best of the routes in a view whose owners have this protocol id; 0 if there is none. */
static ref_t
best_of_protocol(const struct call *c, const struct dest *d, ULONG protocol, unsigned view)
{
	ref_t best = d->d_best[view];

	if (protocol == RTM_BEST_PROTOCOL)
		return best;
	if (protocol == RTM_THIS_PROTOCOL)
		protocol = c->c_caller->e_info.EntityId.EntityProtocolId;
	/* Among equals the incumbent comes first, wherever it stands in the list. */
	if (best != 0 && entity_at(route_at(best)->r_owner)->e_info.EntityId.EntityProtocolId == protocol)
		return best;
	for (ref_t ref = d->d_routes; ref != 0; ref = route_at(ref)->r_next) {
		const struct route *r = route_at(ref);

		if ((r->r_views >> view & 1) != 0 &&
		    entity_at(r->r_owner)->e_info.EntityId.EntityProtocolId == protocol)
			return ref;
	}
	return 0;
}

void
dest_info_fill(struct call *c, ref_t ref, ULONG protocol, unsigned views, RTM_DEST_INFO *info)
{
	struct dest *d = dest_at(ref);
	UINT count[VIEW_COUNT] = { 0 }, n = 0;

	info->BelongsToViews = 0;
	for (ref_t r = d->d_routes; r != 0; r = route_at(r)->r_next) {
		info->BelongsToViews |= route_at(r)->r_views;
		for (unsigned v = 0; v < VIEW_COUNT; v++)
			count[v] += route_at(r)->r_views >> v & 1;
	}
	info->DestHandle = refer(c, ref, &d->d_object);
	prefix_of_key(c->c_table, d->d_key, &info->DestAddress);
	info->LastChanged.dwLowDateTime = d->d_changed[0];
	info->LastChanged.dwHighDateTime = d->d_changed[1];
	for (unsigned v = 0; v < VIEW_COUNT; v++) {
		ref_t best;

		if ((views >> v & 1) == 0)
			continue;
		best = best_of_protocol(c, d, protocol, v);
		info->ViewInfo[n].ViewId = (RTM_VIEW_ID)v;
		info->ViewInfo[n].NumRoutes = count[v];
		info->ViewInfo[n].Route = NULL;
		info->ViewInfo[n].Owner = NULL;
		info->ViewInfo[n].DestFlags = 0;
		info->ViewInfo[n].HoldRoute = NULL;
		if (dest_held(d, v) != 0)
			info->ViewInfo[n].HoldRoute = refer(c, dest_held(d, v), &route_at(dest_held(d, v))->r_object);
		if (best != 0) {
			struct route *r = route_at(best);

			info->ViewInfo[n].Route = refer(c, best, &r->r_object);
			info->ViewInfo[n].Owner = refer(c, r->r_owner, &entity_at(r->r_owner)->e_object);
		}
		n++;
	}
	info->NumberOfViews = n;
}

/* The references that an RTM_DEST_INFO holds. 0 if it cannot be one. */
static size_t
held_in(const RTM_DEST_INFO *info, struct held *held)
{
	size_t count = 0;

	if (info->NumberOfViews > VIEW_COUNT)
		return 0;
	held[count++] = (struct held){ info->DestHandle, KIND_DEST };
	for (UINT v = 0; v < info->NumberOfViews; v++) {
		held[count++] = (struct held){ info->ViewInfo[v].Route, KIND_ROUTE };
		held[count++] = (struct held){ info->ViewInfo[v].Owner, KIND_ENTITY };
		held[count++] = (struct held){ info->ViewInfo[v].HoldRoute, KIND_ROUTE };
	}
	return count;
}

/* Each element of an array tells by its NumberOfViews where the next one is. */
static const RTM_DEST_INFO *
info_after(const RTM_DEST_INFO *info)
{
	const uint8_t *at = (const uint8_t *)info;

	return (const RTM_DEST_INFO *)(const void *)(at + RTM_SIZE_OF_DEST_INFO(info->NumberOfViews));
}

/* Whether an array of RTM_DEST_INFOs names nothing but live objects. */
static DWORD
dest_infos_check(const struct call *c, UINT count, const RTM_DEST_INFO *info)
{
	struct held held[HELD_IN_DEST_INFO];

	for (UINT i = 0; i < count; i++, info = info_after(info)) {
		size_t n = held_in(info, held);

		if (n == 0)
			return ERROR_INVALID_PARAMETER;
		while (n-- > 0)
			if (held[n].h_handle != NULL && call_resolve(c, held[n].h_handle, held[n].h_kind) == NULL)
				return ERROR_INVALID_HANDLE;
	}
	return NO_ERROR;
}

/* Takes the references of all elements away, or none. */
static bool
dest_infos_drop(struct call *c, UINT count, const RTM_DEST_INFO *infos, bool *detached)
{
	struct held held[HELD_IN_DEST_INFO];
	const RTM_DEST_INFO *info = infos;

	for (UINT i = 0; i < count; i++, info = info_after(info)) {
		if (held_drop(c, held, held_in(info, held), detached))
			continue;
		for (const RTM_DEST_INFO *back = infos; back != info; back = info_after(back))
			held_restore(c, held, held_in(back, held));
		return false;
	}
	return true;
}

DWORD
dest_infos_release(struct call *c, UINT count, const RTM_DEST_INFO *infos)
{
	struct held held[HELD_IN_DEST_INFO];
	bool detached = false;
	size_t n;
	DWORD status;

	if (infos == NULL && count > 0)
		return ERROR_INVALID_PARAMETER;
	if (count == 1)
		return (n = held_in(infos, held)) != 0 ? give_back(c, held, n) : ERROR_INVALID_PARAMETER;
	if ((status = dest_infos_check(c, count, infos)) != NO_ERROR)
		return status;
	if (!dest_infos_drop(c, count, infos, &detached))
		return ERROR_INVALID_HANDLE;
	for (UINT i = 0; detached && i < count; i++, infos = info_after(infos))
		held_settle(c, held, held_in(infos, held));
	return NO_ERROR;
}
