/*
 * structures.c - structures that say something else than what there is.
 */
#include <string.h>

#include "disguise.h"

#define BAD_HANDLE ((HANDLE)(uintptr_t)0x5A5A5A5A)

/* Takes back from the client what it is not shown, so that only the trick is wrong. */
static void keep_back(HANDLE self, HANDLE *handle, DWORD (*release)(HANDLE, UINT, HANDLE *), HANDLE instead)
{
	if (*handle != NULL)
		(void)release(self, 1, handle);
	*handle = instead;
}

void show_address(RTM_NET_ADDRESS *address, const char *family, const char *bits)
{
	if (does(family))
		address->AddressFamily = (USHORT)trick.number;
	if (does(bits))
		address->NumBits = (USHORT)trick.number;
	if (does("garbage"))
		memset(address->AddrBits + 6, SCRIBBLE, sizeof(address->AddrBits) - 6);
}

UINT views_of_dest = 1;

void show_dest(HANDLE self, RTM_DEST_INFO *d)
{
	views_of_dest = d->NumberOfViews;
	for (UINT i = 0; i < d->NumberOfViews; i++) {
		if (does("no-best") || (does("dest-views") && trick.number == 0) || does("bad-best")) {
			keep_back(self, &d->ViewInfo[i].Route, real.RtmReleaseRoutes, does("bad-best") ? BAD_HANDLE : NULL);
			keep_back(self, &d->ViewInfo[i].Owner, real.RtmReleaseEntities, NULL);
		}
		d->ViewInfo[i].Route = show(d->ViewInfo[i].Route);
		d->ViewInfo[i].Owner = show_owner(d->ViewInfo[i].Owner);
		d->ViewInfo[i].HoldRoute = show(d->ViewInfo[i].HoldRoute);
		if (does("view-id"))
			d->ViewInfo[i].ViewId = (RTM_VIEW_ID)trick.number;
		if (does("view-routes"))
			d->ViewInfo[i].NumRoutes = (UINT)trick.number;
		if (does("garbage")) {
			scribble(&d->ViewInfo[i].DestFlags, sizeof(d->ViewInfo[i].DestFlags) + 4);
		}
	}
	d->DestHandle = show(d->DestHandle);
	show_address(&d->DestAddress, "dest-family", "dest-bits");
	if (does("dest-views"))
		d->NumberOfViews = (UINT)trick.number;
	if (does("last-changed"))
		d->LastChanged = (FILETIME){(DWORD)trick.number, (DWORD)(trick.number >> 32)};
	if (does("garbage"))
		scribble((UCHAR *)d + offsetof(RTM_DEST_INFO, NumberOfViews) + sizeof(UINT), 4);
}

static void hide_dest(RTM_DEST_INFO *d)
{
	if (does("dest-views") && d->NumberOfViews != 0)
		d->NumberOfViews = views_of_dest;
	d->DestHandle = hide(d->DestHandle);
	for (UINT i = 0; i < d->NumberOfViews && i < 2; i++) {
		d->ViewInfo[i].Route = d->ViewInfo[i].Route == BAD_HANDLE ? NULL : hide(d->ViewInfo[i].Route);
		d->ViewInfo[i].Owner = hide(d->ViewInfo[i].Owner);
		d->ViewInfo[i].HoldRoute = hide(d->ViewInfo[i].HoldRoute);
	}
}

static USHORT hops_of_route; /* before the trick, in the last that was shown */

void show_route(HANDLE self, RTM_ROUTE_INFO *r)
{
	HANDLE *hops = r->NextHopsList.NextHops;

	hops_of_route = r->NextHopsList.NumNextHops;
	if (does("no-owner") || does("bad-owner"))
		keep_back(self, &r->RouteOwner, real.RtmReleaseEntities, does("bad-owner") ? BAD_HANDLE : NULL);
	if (does("no-neighbour"))
		keep_back(self, &r->Neighbour, real.RtmReleaseNextHops, NULL);
	r->DestHandle = show(r->DestHandle);
	r->RouteOwner = show_owner(r->RouteOwner);
	r->Neighbour = show(r->Neighbour);
	for (unsigned i = 0; i < hops_of_route; i++)
		hops[i] = show(hops[i]);
	if (does("route-hops"))
		r->NextHopsList.NumNextHops = (USHORT)trick.number;
	if (does("route-state"))
		r->State = (UCHAR)trick.number;
	if (does("route-views"))
		r->BelongsToViews = (RTM_VIEW_SET)trick.number;
	if (does("specific"))
		r->EntitySpecificInfo = (PVOID)(uintptr_t)trick.number;
	if (does("preference"))
		r->PrefInfo = (RTM_PREF_INFO){(ULONG)trick.number, (ULONG)trick.number};
	if (does("route-flags")) {
		r->Flags = (USHORT)trick.number;
		r->Flags1 = (UCHAR)trick.number;
	}
	if (does("garbage"))
		scribble((UCHAR *)&r->NextHopsList + sizeof(USHORT), offsetof(RTM_NEXTHOP_LIST, NextHops) - sizeof(USHORT));
}

RTM_ROUTE_INFO *hide_route(const RTM_ROUTE_INFO *shown, route_copy *copy)
{
	USHORT hops;

	if (shown == NULL)
		return NULL;
	hops = does("route-hops") ? hops_of_route : shown->NextHopsList.NumNextHops;
	if (hops > MOST_HOPS)
		give_up(EXIT_OVERRUN, "is given more next hops than it allows in", "RTM_ROUTE_INFO");
	memcpy(copy, shown, offsetof(RTM_ROUTE_INFO, NextHopsList.NextHops) + hops * sizeof(HANDLE));
	copy->info.NextHopsList.NumNextHops = hops;
	copy->info.DestHandle = hide(copy->info.DestHandle);
	copy->info.RouteOwner = copy->info.RouteOwner == BAD_HANDLE ? NULL : hide(copy->info.RouteOwner);
	copy->info.Neighbour = hide(copy->info.Neighbour);
	for (unsigned i = 0; i < hops; i++)
		(&copy->info.NextHopsList.NextHops[0])[i] = hide((&shown->NextHopsList.NextHops[0])[i]);
	return &copy->info;
}

void show_hop(HANDLE self, RTM_NEXTHOP_INFO *h)
{
	if (does("no-hop-owner"))
		keep_back(self, &h->NextHopOwner, real.RtmReleaseEntities, NULL);
	h->NextHopOwner = show_owner(h->NextHopOwner);
	h->RemoteNextHop = show(h->RemoteNextHop);
	show_address(&h->NextHopAddress, "hop-family", "hop-bits");
	if (does("hop-interface"))
		h->InterfaceIndex = (ULONG)trick.number;
	if (does("hop-state"))
		h->State = (USHORT)trick.number;
}

RTM_NEXTHOP_INFO *hide_hop(const RTM_NEXTHOP_INFO *shown, RTM_NEXTHOP_INFO *copy)
{
	if (shown == NULL)
		return NULL;
	*copy = *shown;
	copy->NextHopOwner = hide(copy->NextHopOwner);
	copy->RemoteNextHop = hide(copy->RemoteNextHop);
	return copy;
}

RTM_DEST_INFO *hide_dests(UINT count, const RTM_DEST_INFO *shown, UCHAR *copy)
{
	const UCHAR *from = (const UCHAR *)shown;
	UCHAR *to = copy;

	if (count > MOST_HANDLES)
		give_up(EXIT_OVERRUN, "is given more handles than it allows in", "one array");
	for (UINT i = 0; i < count; i++) {
		RTM_DEST_INFO *d = (RTM_DEST_INFO *)(void *)to;

		memcpy(d, from, RTM_SIZE_OF_DEST_INFO(views_of_dest));
		from += RTM_SIZE_OF_DEST_INFO(views_of_dest);
		hide_dest(d);
		if (d->NumberOfViews > 2)
			give_up(EXIT_OVERRUN, "is given back what it never gave:", "an RTM_DEST_INFO of no sense");
		to += RTM_SIZE_OF_DEST_INFO(d->NumberOfViews);
	}
	return (RTM_DEST_INFO *)(void *)copy;
}
