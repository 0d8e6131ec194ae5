/* rtm1.c - see rtm1.h. Made from MIGRATION.md: change it there, and run `npm run docs`. */
#include "rtm1.h"

#include <stdlib.h>
#include <string.h>

/* Makes the entities of this program distinct from others of the same protocols. */
#define OUR_INSTANCE 1

/* A route of ours: what RTM has no room for. RTM_ROUTE_INFO.EntitySpecificInfo points to it. */
typedef struct KEPT {
	RTM_IP_ROUTE route;
	CLIENT *client;
	struct KEPT **aged_at;  /* its time was up, and it has not been updated since: what points to it in the list */
	struct KEPT *next_aged; /* in that list */
	struct KEPT *next;      /* to the same network */
} KEPT;

/* What is remembered of a network. */
typedef struct NETWORK {
	IP_NETWORK network;
	KEPT *kept;
	BOOL known;           /* it has a best route, as far as the clients have been told */
	RTM_IP_ROUTE best;    /* that route */
	struct NETWORK *next; /* in the same bucket */
} NETWORK;

/* A change that a client has not asked for yet. */
typedef struct MESSAGE {
	DWORD flags;
	RTM_IP_ROUTE current, previous;
	struct MESSAGE *next;
} MESSAGE;

struct CLIENT {
	RTM_ENTITY_HANDLE entity;
	DWORD protocol;
	DWORD flags;            /* RTM_PROTOCOL_SINGLE_ROUTE */
	HANDLE event;           /* NULL: is told of no changes */
	BOOL leaving;           /* stop is at work: the event is left as it is */
	MESSAGE *first, **last; /* first in, first out */
	RTM_ROUTE_INFO *info;   /* buffers as large as the limits of the registration demand */
	RTM_DEST_INFO *dest;
	struct CLIENT *next;
};

/* What all clients of the program share. */
static struct {
	SRWLOCK registering; /* held by start and stop; taken before the other */
	SRWLOCK lock;        /* guards all that follows */
	CLIENT *clients;
	ROUTES *enumerations;
	CLIENT watcher;            /* not in the list: an entity that follows the table for those who want to be told */
	RTM_NOTIFY_HANDLE changes; /* of the watcher; NULL as long as nobody wants to be told */
	BOOL lost;                 /* a change could not be looked at: look at everything again */
	NETWORK **buckets;
	size_t room, networks;
	KEPT *aged;
} our = {.registering = SRWLOCK_INIT, .lock = SRWLOCK_INIT};

/* Begins a call; tells whether this is a client. The pointer is followed only then. */
static BOOL enter(const CLIENT *client)
{
	const CLIENT *known;

	AcquireSRWLockExclusive(&our.lock);
	known = our.clients;
	while (known && known != client)
		known = known->next;
	return known != NULL;
}

static DWORD leave(DWORD status)
{
	ReleaseSRWLockExclusive(&our.lock);
	return status;
}

/* The code of version 1: where nothing is there it had 259 under several names. */
static DWORD as_v1(DWORD status)
{
	switch (status) {
	case ERROR_NOT_FOUND:
	case ERROR_NO_MORE_ITEMS:
	case ERROR_ACCESS_DENIED: /* the route of somebody else */
		return ERROR_NO_SUCH_ROUTE;
	case NO_ERROR:
	case ERROR_INVALID_HANDLE:
	case ERROR_INVALID_PARAMETER:
	case ERROR_NOT_ENOUGH_MEMORY:
		return status;
	default:
		return ERROR_NO_SYSTEM_RESOURCES;
	}
}

/* FALSE for a network that no table can hold. The octets are copied as they are. */
static BOOL to_prefix(const IP_NETWORK *network, RTM_NET_ADDRESS *prefix)
{
	const UCHAR *mask = (const UCHAR *)&network->N_NetMask;
	USHORT bits = 0, bit;

	while (bits < 32 && (mask[bits / 8] & (0x80 >> bits % 8)))
		bits++;
	for (bit = bits; bit < 32; bit++)
		if (mask[bit / 8] & (0x80 >> bit % 8))
			return FALSE;
	if (network->N_NetNumber & ~network->N_NetMask)
		return FALSE;
	memset(prefix, 0, sizeof(*prefix));
	prefix->AddressFamily = AF_INET;
	prefix->NumBits = bits;
	memcpy(prefix->AddrBits, &network->N_NetNumber, 4);
	return TRUE;
}

static void from_prefix(const RTM_NET_ADDRESS *prefix, IP_NETWORK *network)
{
	UCHAR *mask = (UCHAR *)&network->N_NetMask;
	USHORT bit;

	network->N_NetMask = 0;
	for (bit = 0; bit < prefix->NumBits && bit < 32; bit++)
		mask[bit / 8] |= (UCHAR)(0x80 >> bit % 8);
	memcpy(&network->N_NetNumber, prefix->AddrBits, 4);
}

static RTM_NEXTHOP_INFO to_next_hop(const RTM_IP_ROUTE *route)
{
	RTM_NEXTHOP_INFO hop;
	IP_NETWORK host = {route->RR_NextHopAddress.N_NetNumber, 0xFFFFFFFF};

	memset(&hop, 0, sizeof(hop));
	to_prefix(&host, &hop.NextHopAddress);
	hop.InterfaceIndex = route->RR_InterfaceID;
	return hop;
}

static NETWORK **bucket_of(const IP_NETWORK *network)
{
	ULONG mixed = (network->N_NetNumber ^ network->N_NetMask * 31u) * 0x9E3779B1u;

	return &our.buckets[(mixed ^ mixed >> 15) & (our.room - 1)];
}

static NETWORK *find_network(const IP_NETWORK *network)
{
	NETWORK *entry = our.room ? *bucket_of(network) : NULL;

	while (entry && memcmp(&entry->network, network, sizeof(*network)) != 0)
		entry = entry->next;
	return entry;
}

/* Doubles the buckets. Without memory for that those that there are have to do. */
static BOOL grow(void)
{
	size_t old_room = our.room, i;
	NETWORK **old = our.buckets, **larger = calloc(old_room ? 2 * old_room : 64, sizeof(*larger));

	if (!larger)
		return old_room > 0;
	our.buckets = larger;
	our.room = old_room ? 2 * old_room : 64;
	for (i = 0; i < old_room; i++)
		while (old[i]) {
			NETWORK *entry = old[i], **bucket = bucket_of(&entry->network);

			old[i] = entry->next;
			entry->next = *bucket;
			*bucket = entry;
		}
	free(old);
	return TRUE;
}

/* NULL: no memory. */
static NETWORK *make_network(const IP_NETWORK *network)
{
	NETWORK *entry = find_network(network), **bucket;

	if (entry)
		return entry;
	if (our.networks >= our.room && !grow())
		return NULL;
	entry = calloc(1, sizeof(*entry));
	if (!entry)
		return NULL;
	bucket = bucket_of(network);
	entry->network = *network;
	entry->next = *bucket;
	*bucket = entry;
	our.networks++;
	return entry;
}

/* Forgets a network of which there is nothing to remember. */
static void drop_network(NETWORK *entry)
{
	NETWORK **link;

	if (entry->known || entry->kept)
		return;
	link = bucket_of(&entry->network);
	while (*link != entry)
		link = &(*link)->next;
	*link = entry->next;
	our.networks--;
	free(entry);
}

/* The record of a client's route: of the same next hop, or of a single-route client any. */
static KEPT *find_kept(const NETWORK *entry, const CLIENT *client, const RTM_IP_ROUTE *route)
{
	KEPT *kept = entry ? entry->kept : NULL;

	for (; kept; kept = kept->next) {
		if (kept->client != client)
			continue;
		if (client->flags & RTM_PROTOCOL_SINGLE_ROUTE)
			break;
		if (kept->route.RR_InterfaceID == route->RR_InterfaceID &&
		    kept->route.RR_NextHopAddress.N_NetNumber == route->RR_NextHopAddress.N_NetNumber)
			break;
	}
	return kept;
}

/* Takes a record off the list of those whose time was up, if it is there. */
static void unlist_aged(KEPT *kept)
{
	if (!kept->aged_at)
		return;
	*kept->aged_at = kept->next_aged;
	if (kept->next_aged)
		kept->next_aged->aged_at = kept->aged_at;
	kept->aged_at = NULL;
}

/* Frees a record whose route is gone. */
static void forget(KEPT *kept)
{
	NETWORK *entry = find_network(&kept->route.RR_Network);
	KEPT **link = &entry->kept;

	while (*link != kept)
		link = &(*link)->next;
	*link = kept->next;
	unlist_aged(kept);
	free(kept);
	drop_network(entry);
}

/* What RTM knows of a route of somebody else. */
static DWORD describe(CLIENT *reader, RTM_IP_ROUTE *route)
{
	RTM_ROUTE_INFO *info = reader->info;
	RTM_NEXTHOP_INFO hop;
	RTM_DEST_INFO dest;
	DWORD status;

	route->RR_FamilySpecificData.FSD_Flags = info->Flags1;
	route->RR_FamilySpecificData.FSD_Type = info->Flags & RTM_ROUTE_FLAGS_LOCAL    ? 3
	                                        : info->Flags & RTM_ROUTE_FLAGS_REMOTE ? 4
	                                                                               : 1;
	if (info->NextHopsList.NumNextHops > 0) {
		status = RtmGetNextHopInfo(reader->entity, info->NextHopsList.NextHops[0], &hop);
		if (status != NO_ERROR)
			return status;
		from_prefix(&hop.NextHopAddress, &route->RR_NextHopAddress);
		route->RR_InterfaceID = hop.InterfaceIndex;
		RtmReleaseNextHopInfo(reader->entity, &hop);
	}
	/* RTM_VIEW_MASK_ANY: no view comes back, so that an RTM_DEST_INFO without room for any will do. */
	status = RtmGetDestInfo(reader->entity, info->DestHandle, RTM_BEST_PROTOCOL, RTM_VIEW_MASK_ANY, &dest);
	if (status != NO_ERROR)
		return status;
	route->RR_TimeStamp = dest.LastChanged;
	return RtmReleaseDestInfo(reader->entity, &dest);
}

/* Our record of a route, NULL if it is none of ours. The pointer is compared and not followed: it may be anybody's. */
static KEPT *kept_of(const RTM_ROUTE_INFO *info, const IP_NETWORK *network, const RTM_ENTITY_ID *owner)
{
	const NETWORK *entry = find_network(network);
	KEPT *kept = entry ? entry->kept : NULL;

	while (kept && kept != info->EntitySpecificInfo)
		kept = kept->next;
	return kept && owner->EntityInstanceId == OUR_INSTANCE && owner->EntityProtocolId == kept->client->protocol ? kept
	                                                                                                            : NULL;
}

/* The route in the buffer of a reader. */
static DWORD interpret(CLIENT *reader, const RTM_NET_ADDRESS *prefix, const RTM_ENTITY_ID *owner, RTM_IP_ROUTE *route)
{
	RTM_ROUTE_INFO *info = reader->info;
	DWORD status = NO_ERROR;
	const KEPT *kept;

	if (info->State != RTM_ROUTE_STATE_CREATED || !(info->BelongsToViews & RTM_VIEW_MASK_UCAST))
		return ERROR_NOT_FOUND;
	memset(route, 0, sizeof(*route));
	from_prefix(prefix, &route->RR_Network);
	kept = kept_of(info, &route->RR_Network, owner);
	if (kept)
		*route = kept->route;
	else
		status = describe(reader, route);
	route->RR_RoutingProtocol = owner->EntityProtocolId;
	route->RR_FamilySpecificData.FSD_Priority = info->PrefInfo.Preference;
	route->RR_FamilySpecificData.FSD_Metric = info->PrefInfo.Metric;
	return status;
}

/* The route behind a handle, as version 1 would have told it. ERROR_NOT_FOUND if it has been deleted. */
static DWORD read_route(CLIENT *reader, RTM_ROUTE_HANDLE handle, RTM_IP_ROUTE *route)
{
	RTM_NET_ADDRESS prefix;
	RTM_ENTITY_INFO owner;
	DWORD status = RtmGetRouteInfo(reader->entity, handle, reader->info, &prefix);

	if (status != NO_ERROR)
		return status;
	status = RtmGetEntityInfo(reader->entity, reader->info->RouteOwner, &owner);
	if (status == NO_ERROR) {
		RtmReleaseEntityInfo(reader->entity, &owner);
		status = interpret(reader, &prefix, &owner.EntityId, route);
	}
	RtmReleaseRouteInfo(reader->entity, reader->info);
	return status;
}

/* The best route of the destination that a look-up has found, if it has found one. */
static DWORD read_found(CLIENT *reader, DWORD status, RTM_IP_ROUTE *route)
{
	RTM_DEST_INFO *dest = reader->dest;

	if (status != NO_ERROR)
		return status;
	status = dest->ViewInfo[0].Route ? read_route(reader, dest->ViewInfo[0].Route, route) : ERROR_NOT_FOUND;
	RtmReleaseDestInfo(reader->entity, dest);
	return status;
}

/* The best route of a network. ERROR_NOT_FOUND if there is none. */
static DWORD read_best(CLIENT *reader, RTM_NET_ADDRESS *prefix, RTM_IP_ROUTE *route)
{
	return read_found(reader,
	                  RtmGetExactMatchDestination(reader->entity, prefix, RTM_BEST_PROTOCOL, RTM_VIEW_MASK_UCAST,
	                                              reader->dest),
	                  route);
}

/* What version 1 called significant: not the time stamp, not the data of the protocol, not the mask of the next hop. */
static BOOL differ(const RTM_IP_ROUTE *one, const RTM_IP_ROUTE *other)
{
	return one->RR_RoutingProtocol != other->RR_RoutingProtocol || one->RR_InterfaceID != other->RR_InterfaceID ||
	       one->RR_NextHopAddress.N_NetNumber != other->RR_NextHopAddress.N_NetNumber ||
	       memcmp(&one->RR_FamilySpecificData, &other->RR_FamilySpecificData, sizeof(IP_SPECIFIC_DATA)) != 0;
}

/* RTM_ROUTE_ADDED and so on, from the best route before and after; NULL for none. */
static DWORD change_between(const RTM_IP_ROUTE *before, const RTM_IP_ROUTE *after)
{
	if (!before)
		return after ? RTM_ROUTE_ADDED : RTM_NO_CHANGE;
	if (!after)
		return RTM_ROUTE_DELETED;
	return differ(before, after) ? RTM_ROUTE_CHANGED : RTM_NO_CHANGE;
}

static void free_messages(MESSAGE *message)
{
	while (message) {
		MESSAGE *next = message->next;

		free(message);
		message = next;
	}
}

static void post(CLIENT *client, MESSAGE *message, DWORD flags, const RTM_IP_ROUTE *current,
                 const RTM_IP_ROUTE *previous)
{
	message->flags = flags;
	if (flags & RTM_CURRENT_BEST_ROUTE)
		message->current = *current;
	if (flags & RTM_PREVIOUS_BEST_ROUTE)
		message->previous = *previous;
	message->next = NULL;
	*client->last = message;
	client->last = &message->next;
	if (!client->leaving)
		SetEvent(client->event);
}

/* Queues a message for everybody who wants to be told, but one. Everybody gets it, or, without memory, nobody. */
static BOOL announce(DWORD flags, const RTM_IP_ROUTE *current, const RTM_IP_ROUTE *previous, const CLIENT *exempt)
{
	MESSAGE *messages = NULL;
	CLIENT *client;

	for (client = our.clients; client; client = client->next)
		if (client->event && client != exempt) {
			MESSAGE *message = malloc(sizeof(*message));

			if (!message) {
				free_messages(messages);
				return FALSE;
			}
			message->next = messages;
			messages = message;
		}
	for (client = our.clients; client; client = client->next)
		if (client->event && client != exempt) {
			MESSAGE *message = messages;

			messages = message->next;
			post(client, message, flags, current, previous);
		}
	return TRUE;
}

/* Takes note of the best route of a network, NULL for none, and tells what has changed since that was last told. */
static void learn(const IP_NETWORK *network, const RTM_IP_ROUTE *best, const CLIENT *exempt)
{
	NETWORK *entry;
	DWORD change;

	if (!our.changes)
		return;
	entry = best ? make_network(network) : find_network(network);
	if (!entry) {
		if (best)
			our.lost = TRUE;
		return;
	}
	change = change_between(entry->known ? &entry->best : NULL, best);
	if (change != RTM_NO_CHANGE && !announce(change, best, &entry->best, exempt)) {
		our.lost = TRUE;
	} else {
		entry->known = best != NULL;
		if (best)
			entry->best = *best;
	}
	drop_network(entry);
}

static void look_at(RTM_NET_ADDRESS *prefix)
{
	IP_NETWORK network;
	RTM_IP_ROUTE best;
	DWORD status = read_best(&our.watcher, prefix, &best);

	from_prefix(prefix, &network);
	if (status == NO_ERROR || status == ERROR_NOT_FOUND)
		learn(&network, status == NO_ERROR ? &best : NULL, NULL);
	else
		our.lost = TRUE;
}

/* Looks at every network that is known, and at every network that there is. */
static DWORD look_at_all(void)
{
	CLIENT *watcher = &our.watcher;
	RTM_ENUM_HANDLE enumeration;
	RTM_NET_ADDRESS prefix;
	NETWORK *entry, *next;
	DWORD status;
	size_t i;

	our.lost = FALSE;
	for (i = 0; i < our.room; i++)
		for (entry = our.buckets[i]; entry; entry = next) {
			next = entry->next;
			if (entry->known && to_prefix(&entry->network, &prefix))
				look_at(&prefix);
		}
	status = RtmCreateDestEnum(watcher->entity, RTM_VIEW_MASK_UCAST, RTM_ENUM_START, NULL, RTM_BEST_PROTOCOL,
	                           &enumeration);
	if (status != NO_ERROR)
		return status;
	do {
		UINT count = 1;

		status = RtmGetEnumDests(watcher->entity, enumeration, &count, watcher->dest);
		if (count == 0 || (status != NO_ERROR && status != ERROR_NO_MORE_ITEMS))
			break;
		prefix = watcher->dest->DestAddress;
		RtmReleaseDests(watcher->entity, count, watcher->dest);
		look_at(&prefix);
	} while (status == NO_ERROR);
	RtmDeleteEnumHandle(watcher->entity, enumeration);
	return status == ERROR_NO_MORE_ITEMS ? NO_ERROR : status;
}

/*
 * Looks at everything that has changed since the last time. ERROR_MORE_DATA: others change it as fast as it is looked
 * at; after that and every failure the next time goes on.
 */
static DWORD catch_up(void)
{
	CLIENT *watcher = &our.watcher;
	size_t most = 4096 + 2 * our.networks;

	if (!our.changes)
		return NO_ERROR;
	if (our.lost) {
		DWORD status = look_at_all();

		if (status != NO_ERROR)
			our.lost = TRUE;
	}
	for (; most > 0; most--) {
		RTM_NET_ADDRESS prefix;
		UINT count = 1;
		DWORD status = RtmGetChangedDests(watcher->entity, our.changes, &count, watcher->dest);

		if (status != NO_ERROR && status != ERROR_NO_MORE_ITEMS)
			return status;
		if (count == 0)
			return our.lost ? ERROR_NO_SYSTEM_RESOURCES : NO_ERROR;
		prefix = watcher->dest->DestAddress;
		RtmReleaseChangedDests(watcher->entity, our.changes, count, watcher->dest);
		look_at(&prefix);
	}
	return ERROR_MORE_DATA;
}

/* Our route whose time is up. RTM may still be asked to update it before it deletes it. */
static void note_aged(RTM_ENTITY_HANDLE entity, RTM_ROUTE_HANDLE route)
{
	CLIENT *client = our.clients;
	RTM_NET_ADDRESS prefix;
	RTM_ENTITY_ID id;
	IP_NETWORK network;
	KEPT *kept;

	while (client && client->entity != entity)
		client = client->next;
	if (!client || RtmGetRouteInfo(entity, route, client->info, &prefix) != NO_ERROR)
		return;
	id.EntityProtocolId = client->protocol;
	id.EntityInstanceId = OUR_INSTANCE;
	from_prefix(&prefix, &network);
	kept = kept_of(client->info, &network, &id);
	if (kept && !kept->aged_at) {
		kept->aged_at = &our.aged;
		kept->next_aged = our.aged;
		if (our.aged)
			our.aged->aged_at = &kept->next_aged;
		our.aged = kept;
	}
	RtmReleaseRouteInfo(entity, client->info);
}

/* Runs on a thread of RTM. */
static DWORD WINAPI on_event(RTM_ENTITY_HANDLE entity, RTM_EVENT_TYPE type, PVOID context1, PVOID context2)
{
	DWORD status = ERROR_MORE_DATA;

	(void)context2;
	/* Our own changes are known already; what somebody else has changed becomes messages here, which set the events. */
	while (type == RTM_CHANGE_NOTIFICATION && status == ERROR_MORE_DATA) {
		AcquireSRWLockExclusive(&our.lock);
		status = leave(catch_up());
	}
	if (type == RTM_ROUTE_EXPIRED) {
		AcquireSRWLockExclusive(&our.lock);
		note_aged(entity, context1);
		leave(NO_ERROR);
	}
	/* For RTM_ROUTE_EXPIRED this has the route deleted; for every other event the result means nothing. */
	return ERROR_NOT_SUPPORTED;
}

static void free_buffers(CLIENT *client)
{
	free(client->info);
	free(client->dest);
	client->info = NULL;
	client->dest = NULL;
}

/* Registers an entity and allocates what reading with it takes; all of it or nothing. */
static DWORD register_entity(CLIENT *client, DWORD protocol, DWORD instance)
{
	RTM_REGN_PROFILE limits;
	RTM_ENTITY_INFO entity;
	DWORD status;

	memset(&entity, 0, sizeof(entity));
	entity.RtmInstanceId = 0;
	entity.AddressFamily = AF_INET;
	entity.EntityId.EntityProtocolId = protocol;
	entity.EntityId.EntityInstanceId = instance;
	status = RtmRegisterEntity(&entity, NULL, on_event, FALSE, &limits, &client->entity);
	if (status != NO_ERROR) {
		client->entity = NULL;
		return status;
	}
	client->info = calloc(1, sizeof(RTM_ROUTE_INFO) + limits.MaxNextHopsInRoute * sizeof(RTM_NEXTHOP_HANDLE));
	client->dest = calloc(1, RTM_SIZE_OF_DEST_INFO(limits.NumberOfViews));
	if (client->info && client->dest)
		return NO_ERROR;
	RtmDeregisterEntity(client->entity);
	client->entity = NULL;
	free_buffers(client);
	return ERROR_NOT_ENOUGH_MEMORY;
}

/* Nobody wants to be told any more: forgets the best routes. */
static void forget_known(void)
{
	NETWORK *entry, *next;
	size_t i;

	for (i = 0; i < our.room; i++)
		for (entry = our.buckets[i]; entry; entry = next) {
			next = entry->next;
			entry->known = FALSE;
			drop_network(entry);
		}
}

/* Ends the watcher if nobody wants to be told. What fails is left for the next time. */
static void end_watch(void)
{
	RTM_NOTIFY_HANDLE changes;
	const CLIENT *client;

	AcquireSRWLockExclusive(&our.lock);
	for (client = our.clients; client && !client->event; client = client->next)
		;
	changes = our.changes;
	if (!client) {
		our.changes = NULL;
		forget_known();
	}
	leave(NO_ERROR);
	if (client || !our.watcher.entity)
		return;
	/* Waits for on_event, and on_event for our.lock: so it must not be held here. */
	if (changes && RtmDeregisterFromChangeNotification(our.watcher.entity, changes) != NO_ERROR) {
		AcquireSRWLockExclusive(&our.lock);
		our.changes = changes;
		our.lost = TRUE;
		leave(NO_ERROR);
	} else if (RtmDeregisterEntity(our.watcher.entity) == NO_ERROR) {
		our.watcher.entity = NULL;
		free_buffers(&our.watcher);
	}
}

/* Sees to it that the table is followed and known as it is now: who comes next is told of later changes only. */
static DWORD watch(DWORD protocol)
{
	RTM_NOTIFY_HANDLE changes = our.changes;
	DWORD instance = OUR_INSTANCE, status = NO_ERROR;

	if (!our.watcher.entity)
		do
			status = register_entity(&our.watcher, protocol, ++instance);
		while (status == ERROR_ALREADY_EXISTS);
	if (status == NO_ERROR && !changes)
		status = RtmRegisterForChangeNotification(our.watcher.entity, RTM_VIEW_MASK_UCAST, RTM_CHANGE_TYPE_ALL, NULL,
		                                          &changes);
	if (status != NO_ERROR)
		return status;
	AcquireSRWLockExclusive(&our.lock);
	our.lost = our.lost || !our.changes;
	our.changes = changes;
	status = leave(catch_up());
	return status == ERROR_MORE_DATA ? NO_ERROR : status;
}

static void list_client(CLIENT *client)
{
	client->next = our.clients;
	our.clients = client;
}

static DWORD start_client(CLIENT *client, HANDLE event)
{
	DWORD status = event ? watch(client->protocol) : NO_ERROR;

	if (status == NO_ERROR)
		status = register_entity(client, client->protocol, OUR_INSTANCE);
	if (status == NO_ERROR) {
		AcquireSRWLockExclusive(&our.lock);
		client->last = &client->first;
		client->event = event;
		list_client(client);
		leave(NO_ERROR);
	}
	return status;
}

DWORD start(DWORD protocol, HANDLE event, DWORD flags, CLIENT **started)
{
	CLIENT *client;
	DWORD status;

	if (!started || (flags & ~(DWORD)RTM_PROTOCOL_SINGLE_ROUTE))
		return ERROR_INVALID_PARAMETER;
	client = calloc(1, sizeof(*client));
	if (!client)
		return ERROR_NOT_ENOUGH_MEMORY;
	client->protocol = protocol;
	client->flags = flags;
	AcquireSRWLockExclusive(&our.registering);
	status = start_client(client, event);
	if (status != NO_ERROR)
		end_watch();
	ReleaseSRWLockExclusive(&our.registering);
	if (status == NO_ERROR) {
		*started = client;
		return NO_ERROR;
	}
	free(client);
	if (status == ERROR_ALREADY_EXISTS) /* was ERROR_CLIENT_ALREADY_EXISTS, the same number */
		return status;
	if (status == ERROR_INVALID_PARAMETER || status == ERROR_INVALID_DATA || status == ERROR_FILE_NOT_FOUND)
		return ERROR_INVALID_PARAMETER; /* no such family */
	return as_v1(status);
}

/* One handle of an enumeration of routes. ERROR_NO_MORE_ITEMS: there are no more. */
static DWORD fetch(CLIENT *client, RTM_ENUM_HANDLE enumeration, RTM_ROUTE_HANDLE *route)
{
	UINT count = 1; /* up to MaxHandlesInEnum, into an array */
	DWORD status = RtmGetEnumRoutes(client->entity, enumeration, &count, route);

	if (status != NO_ERROR && status != ERROR_NO_MORE_ITEMS)
		return status;
	return count > 0 ? NO_ERROR : ERROR_NO_MORE_ITEMS; /* the last may come with ERROR_NO_MORE_ITEMS */
}

static DWORD delete_routes(CLIENT *client)
{
	RTM_ENUM_HANDLE enumeration;
	RTM_ROUTE_HANDLE route;
	RTM_ROUTE_CHANGE_FLAGS change;
	DWORD status = RtmCreateRouteEnum(client->entity, NULL, RTM_VIEW_MASK_ANY, RTM_ENUM_OWN_ROUTES, NULL,
	                                  RTM_MATCH_NONE, NULL, 0, &enumeration);

	if (status != NO_ERROR)
		return status;
	while ((status = fetch(client, enumeration, &route)) == NO_ERROR) {
		status = RtmDeleteRouteToDest(client->entity, route, &change);
		if (status == NO_ERROR)
			continue;
		RtmReleaseRoutes(client->entity, 1, &route); /* not consumed */
		if (status != ERROR_NOT_FOUND)               /* a route that has aged out meanwhile is no failure */
			break;
	}
	RtmDeleteEnumHandle(client->entity, enumeration);
	return status == ERROR_NO_MORE_ITEMS ? NO_ERROR : status;
}

static DWORD delete_next_hops(CLIENT *client)
{
	RTM_ENUM_HANDLE enumeration;
	RTM_NEXTHOP_HANDLE hop;
	DWORD status = RtmCreateNextHopEnum(client->entity, RTM_ENUM_START, NULL, &enumeration);

	if (status != NO_ERROR)
		return status;
	for (;;) {
		UINT count = 1;

		status = RtmGetEnumNextHops(client->entity, enumeration, &count, &hop);
		if ((status != NO_ERROR && status != ERROR_NO_MORE_ITEMS) || count == 0)
			break;
		status = RtmDeleteNextHop(client->entity, hop, NULL);
		if (status != NO_ERROR) {
			RtmReleaseNextHops(client->entity, 1, &hop);
			break;
		}
	}
	RtmDeleteEnumHandle(client->entity, enumeration);
	return status == ERROR_NO_MORE_ITEMS ? NO_ERROR : status;
}

/* What stood behind the handle of an enumeration: the routes that matched when it was made. */
struct ROUTES {
	CLIENT *client;            /* NULL: has been stopped */
	RTM_ROUTE_HANDLE *handles; /* hold a reference each, from position on */
	size_t count, room, position;
	struct ROUTES *next;
};

/* Gives back the handles that an enumeration holds. */
static void release_handles(ROUTES *routes)
{
	while (routes->count > routes->position)
		RtmReleaseRoutes(routes->client->entity, 1, &routes->handles[--routes->count]);
}

/* An enumeration cannot outlive the entity that it was made with. */
static void end_enumerations(const CLIENT *client)
{
	ROUTES *routes;

	for (routes = our.enumerations; routes; routes = routes->next)
		if (routes->client == client) {
			release_handles(routes);
			routes->client = NULL;
		}
}

static void forget_records(const CLIENT *client)
{
	size_t i = 0;

	while (i < our.room) {
		NETWORK *entry = our.buckets[i];
		KEPT *kept = NULL;

		for (; entry && !kept; entry = entry->next)
			for (kept = entry->kept; kept && kept->client != client; kept = kept->next)
				;
		if (kept)
			forget(kept); /* may drop the network: look at the bucket once more */
		else
			i++;
	}
}

static void free_client(CLIENT *client)
{
	forget_records(client);
	free_messages(client->first);
	free_buffers(client);
	free(client);
}

/* Deletes everything that a client has. It is told nothing from here on, and is no client any more if nothing fails. */
static DWORD delete_all(CLIENT *client)
{
	CLIENT **link = &our.clients;
	DWORD status;

	client->leaving = TRUE;
	catch_up();
	client->event = NULL;
	status = delete_routes(client);
	if (status == NO_ERROR)
		status = delete_next_hops(client);
	catch_up();
	if (status != NO_ERROR)
		return status;
	end_enumerations(client);
	while (*link != client)
		link = &(*link)->next;
	*link = client->next;
	return NO_ERROR;
}

/* A client that could not be stopped is told of changes as before. */
static void stay(CLIENT *client, HANDLE event)
{
	client->event = event;
	client->leaving = FALSE;
	if (client->first)
		SetEvent(event);
}

/* After a failure the client is still registered, and another call does the rest. */
DWORD stop(CLIENT *client)
{
	HANDLE event;
	DWORD status;

	AcquireSRWLockExclusive(&our.registering);
	if (!enter(client)) {
		ReleaseSRWLockExclusive(&our.registering);
		return leave(ERROR_INVALID_HANDLE);
	}
	event = client->event;
	status = delete_all(client);
	if (status != NO_ERROR) {
		stay(client, event);
	} else {
		leave(NO_ERROR); /* RtmDeregisterEntity may wait for on_event, and on_event for our.lock */
		status = RtmDeregisterEntity(client->entity);
		AcquireSRWLockExclusive(&our.lock);
		if (status == NO_ERROR) {
			free_client(client);
		} else {
			list_client(client);
			stay(client, event);
		}
	}
	leave(NO_ERROR);
	end_watch();
	ReleaseSRWLockExclusive(&our.registering);
	return status == NO_ERROR ? NO_ERROR : ERROR_NO_SYSTEM_RESOURCES;
}

/* The next hop of a route has to be known before the route can be added, and found before it can be found. */
static DWORD find_own(CLIENT *client, RTM_NET_ADDRESS *prefix, const RTM_IP_ROUTE *route, RTM_ROUTE_HANDLE *handle)
{
	RTM_NEXTHOP_INFO hop = to_next_hop(route);
	RTM_ROUTE_INFO *info = client->info;
	RTM_MATCH_FLAGS match = RTM_MATCH_OWNER;
	RTM_NEXTHOP_HANDLE neighbour = NULL;
	DWORD status = NO_ERROR;

	if (!(client->flags & RTM_PROTOCOL_SINGLE_ROUTE)) {
		match |= RTM_MATCH_NEIGHBOUR;
		status = RtmFindNextHop(client->entity, &hop, &neighbour, NULL);
	}
	if (status != NO_ERROR)
		return status;
	info->RouteOwner = client->entity;
	info->Neighbour = neighbour;
	status = RtmGetExactMatchRoute(client->entity, prefix, match, info, 0, RTM_VIEW_MASK_UCAST, handle);
	if (status == NO_ERROR)
		RtmReleaseRouteInfo(client->entity, info);
	if (neighbour)
		RtmReleaseNextHops(client->entity, 1, &neighbour);
	return status;
}

/* Lets go of the records of routes that RTM has deleted because their time was up. */
static void forget_aged(void)
{
	KEPT **link = &our.aged, *kept;

	while ((kept = *link) != NULL) {
		RTM_NET_ADDRESS prefix;

		if (to_prefix(&kept->route.RR_Network, &prefix) &&
		    find_own(kept->client, &prefix, &kept->route, NULL) == ERROR_NOT_FOUND)
			forget(kept); /* takes it off the list */
		else
			link = &kept->next_aged; /* RTM has yet to delete it */
	}
}

static void fill_info(RTM_ROUTE_INFO *info, const RTM_IP_ROUTE *route, RTM_NEXTHOP_HANDLE hop, KEPT *kept)
{
	const IP_SPECIFIC_DATA *data = &route->RR_FamilySpecificData;

	memset(info, 0, sizeof(*info));
	info->Neighbour = hop;
	info->Flags1 = (UCHAR)(data->FSD_Flags & 0xFF);
	info->Flags = data->FSD_Type == 3 ? RTM_ROUTE_FLAGS_LOCAL : data->FSD_Type == 4 ? RTM_ROUTE_FLAGS_REMOTE : 0;
	info->PrefInfo.Preference = data->FSD_Priority;
	info->PrefInfo.Metric = data->FSD_Metric;
	info->BelongsToViews = RTM_VIEW_MASK_UCAST;
	info->EntitySpecificInfo = kept;
	info->NextHopsList.NumNextHops = 1;
	info->NextHopsList.NextHops[0] = hop;
}

/* Adds a route or updates it, whichever RTM finds. */
static DWORD put_over(CLIENT *client, RTM_NET_ADDRESS *prefix, const RTM_IP_ROUTE *route, KEPT *kept, ULONG ttl)
{
	RTM_NEXTHOP_INFO hop_info = to_next_hop(route);
	RTM_NEXTHOP_HANDLE hop = NULL;
	RTM_NEXTHOP_CHANGE_FLAGS hop_change = 0;
	/* An input too. */
	RTM_ROUTE_CHANGE_FLAGS change = client->flags & RTM_PROTOCOL_SINGLE_ROUTE ? RTM_ROUTE_CHANGE_FIRST : 0;
	DWORD status = RtmAddNextHop(client->entity, &hop_info, &hop, &hop_change);

	if (status != NO_ERROR)
		return status;
	fill_info(client->info, route, hop, kept);
	status = RtmAddRouteToDest(client->entity, NULL, prefix, client->info, ttl, NULL, 0, NULL, &change);
	RtmReleaseNextHops(client->entity, 1, &hop);
	return status;
}

/* The same with its record. */
static DWORD put(CLIENT *client, RTM_NET_ADDRESS *prefix, const RTM_IP_ROUTE *route, ULONG ttl)
{
	NETWORK *entry = make_network(&route->RR_Network);
	KEPT *kept = find_kept(entry, client, route), *fresh = NULL;
	DWORD status = ERROR_NOT_ENOUGH_MEMORY;

	if (!entry)
		return status;
	if (!kept)
		kept = fresh = calloc(1, sizeof(*fresh));
	if (kept)
		status = put_over(client, prefix, route, kept, ttl);
	if (status == NO_ERROR) {
		kept->route = *route;
		kept->client = client;
		unlist_aged(kept); /* RTM lets it live */
		if (fresh) {
			fresh->next = entry->kept;
			entry->kept = fresh;
		}
	} else {
		free(fresh);
		drop_network(entry);
	}
	return status;
}

static DWORD add(CLIENT *client, const RTM_IP_ROUTE *route, DWORD seconds, DWORD *flags, RTM_IP_ROUTE *current,
                 RTM_IP_ROUTE *previous)
{
	RTM_IP_ROUTE wanted, before, after;
	RTM_NET_ADDRESS prefix;
	BOOL was_there;
	DWORD status;

	if (!route || !flags || !to_prefix(&route->RR_Network, &prefix) || (seconds > 2147483 && seconds != INFINITE))
		return ERROR_INVALID_PARAMETER;
	wanted = *route;
	wanted.RR_RoutingProtocol = client->protocol;
	GetSystemTimeAsFileTime(&wanted.RR_TimeStamp);
	forget_aged();
	catch_up(); /* what others have changed is told first, so that our own change does not cover it */
	status = read_best(client, &prefix, &before);
	was_there = status == NO_ERROR;
	if (status != NO_ERROR && status != ERROR_NOT_FOUND)
		return status;
	learn(&wanted.RR_Network, was_there ? &before : NULL, NULL);
	status = put(client, &prefix, &wanted, seconds == INFINITE ? INFINITE : seconds * 1000);
	if (status == NO_ERROR)
		status = read_best(client, &prefix, &after);
	if (status != NO_ERROR)
		return status;
	learn(&wanted.RR_Network, &after, client);
	*flags = change_between(was_there ? &before : NULL, &after);
	if (*flags != RTM_NO_CHANGE && current)
		*current = after;
	if (*flags == RTM_ROUTE_CHANGED && previous)
		*previous = before;
	return NO_ERROR;
}

DWORD add_route(CLIENT *client, const RTM_IP_ROUTE *route, DWORD seconds, DWORD *flags, RTM_IP_ROUTE *current,
                RTM_IP_ROUTE *previous)
{
	DWORD status = ERROR_INVALID_HANDLE;

	if (enter(client))
		status = as_v1(add(client, route, seconds, flags, current, previous));
	return leave(status);
}

/* Deletes a route of ours, and its record. */
static DWORD delete_own(CLIENT *client, RTM_ROUTE_HANDLE handle, const RTM_IP_ROUTE *route,
                        RTM_ROUTE_CHANGE_FLAGS *change)
{
	DWORD status = RtmDeleteRouteToDest(client->entity, handle, change);
	KEPT *kept;

	if (status != NO_ERROR) {
		RtmReleaseRoutes(client->entity, 1, &handle); /* not consumed */
		return status;
	}
	kept = find_kept(find_network(&route->RR_Network), client, route);
	if (kept)
		forget(kept);
	return NO_ERROR;
}

static DWORD delete_one(CLIENT *client, const RTM_IP_ROUTE *route, DWORD *flags, RTM_IP_ROUTE *current)
{
	RTM_ROUTE_HANDLE handle = NULL;
	RTM_ROUTE_CHANGE_FLAGS change = 0;
	RTM_NET_ADDRESS prefix;
	RTM_IP_ROUTE best;
	IP_NETWORK network;
	BOOL is_there;
	DWORD status;

	if (!route || !flags || !to_prefix(&route->RR_Network, &prefix))
		return ERROR_INVALID_PARAMETER;
	network = route->RR_Network;
	forget_aged();
	catch_up();
	status = find_own(client, &prefix, route, &handle);
	if (status == NO_ERROR)
		status = delete_own(client, handle, route, &change);
	if (status != NO_ERROR)
		return status;
	*flags = RTM_NO_CHANGE;
	if (!(change & RTM_ROUTE_CHANGE_BEST))
		return NO_ERROR;
	status = read_best(client, &prefix, &best);
	if (status != NO_ERROR && status != ERROR_NOT_FOUND)
		return status;
	is_there = status == NO_ERROR;
	learn(&network, is_there ? &best : NULL, client);
	*flags = is_there ? RTM_ROUTE_CHANGED : RTM_ROUTE_DELETED;
	if (is_there && current)
		*current = best;
	return NO_ERROR;
}

DWORD delete_route(CLIENT *client, const RTM_IP_ROUTE *route, DWORD *flags, RTM_IP_ROUTE *current)
{
	DWORD status = ERROR_INVALID_HANDLE;

	if (enter(client))
		status = as_v1(delete_one(client, route, flags, current));
	return leave(status);
}

/* Clients may share an event: it stays set while another of them has messages. */
static void reset(const CLIENT *client)
{
	const CLIENT *other = our.clients;

	while (other && (other->event != client->event || !other->first))
		other = other->next;
	if (!other)
		ResetEvent(client->event);
}

static DWORD dequeue(CLIENT *client, DWORD *flags, RTM_IP_ROUTE *current, RTM_IP_ROUTE *previous)
{
	MESSAGE *message;
	DWORD status;

	if (!client->event)
		return ERROR_INVALID_HANDLE;
	if (!flags)
		return ERROR_INVALID_PARAMETER;
	status = catch_up();
	message = client->first;
	if (!message) {
		if (status != NO_ERROR)
			return ERROR_NO_SYSTEM_RESOURCES;
		*flags = RTM_NO_CHANGE;
		reset(client);
		return ERROR_NO_MESSAGES;
	}
	*flags = message->flags;
	if (current && (message->flags & RTM_CURRENT_BEST_ROUTE))
		*current = message->current;
	if (previous && (message->flags & RTM_PREVIOUS_BEST_ROUTE))
		*previous = message->previous;
	client->first = message->next;
	free(message);
	if (client->first || status != NO_ERROR)
		return ERROR_MORE_MESSAGES;
	client->last = &client->first;
	reset(client);
	return NO_ERROR;
}

DWORD next_message(CLIENT *client, DWORD *flags, RTM_IP_ROUTE *current, RTM_IP_ROUTE *previous)
{
	DWORD status = ERROR_INVALID_HANDLE;

	if (enter(client))
		status = dequeue(client, flags, current, previous);
	return leave(status);
}

/* Ends a question. NO_ERROR with FALSE: there is none. Nothing but a route that was found is written. */
static BOOL answer(DWORD status, const RTM_IP_ROUTE *found, RTM_IP_ROUTE *route, DWORD *error)
{
	leave(status);
	if (status == NO_ERROR && route)
		*route = *found;
	if (status != NO_ERROR && error)
		*error = status == ERROR_NOT_FOUND ? NO_ERROR : as_v1(status);
	return status == NO_ERROR;
}

BOOL is_route(CLIENT *client, const IP_NETWORK *network, RTM_IP_ROUTE *best, DWORD *error)
{
	RTM_NET_ADDRESS prefix;
	RTM_IP_ROUTE found;
	DWORD status = ERROR_NOT_FOUND;

	if (!enter(client))
		status = ERROR_INVALID_HANDLE;
	else if (!network)
		status = ERROR_INVALID_PARAMETER;
	else if (to_prefix(network, &prefix))
		status = read_best(client, &prefix, &found);
	return answer(status, &found, best, error);
}

static DWORD count_dests(CLIENT *client, ULONG *networks)
{
	RTM_ENUM_HANDLE enumeration;
	ULONG counted = 0;
	DWORD status = RtmCreateDestEnum(client->entity, RTM_VIEW_MASK_UCAST, RTM_ENUM_START, NULL, RTM_BEST_PROTOCOL,
	                                 &enumeration);

	if (status != NO_ERROR)
		return status;
	do {
		UINT dests = 1; /* up to MaxHandlesInEnum, into an array */

		status = RtmGetEnumDests(client->entity, enumeration, &dests, client->dest);
		if (status != NO_ERROR && status != ERROR_NO_MORE_ITEMS)
			break;
		if (dests > 0)
			RtmReleaseDests(client->entity, dests, client->dest);
		counted += dests;
	} while (status == NO_ERROR);
	RtmDeleteEnumHandle(client->entity, enumeration);
	if (status != ERROR_NO_MORE_ITEMS)
		return status;
	*networks = counted;
	return NO_ERROR;
}

DWORD count_networks(CLIENT *client, ULONG *networks)
{
	DWORD status = ERROR_INVALID_HANDLE;

	if (enter(client))
		status = networks ? as_v1(count_dests(client, networks)) : ERROR_INVALID_PARAMETER;
	return leave(status);
}

/* FILETIME counts 100 ns since 1601, in UTC. */
static ULONGLONG ticks(const FILETIME *time)
{
	return (ULONGLONG)time->dwHighDateTime << 32 | time->dwLowDateTime;
}

ULONG age_of(const RTM_IP_ROUTE *route)
{
	const ULONGLONG second = 10000000;
	ULONGLONG now, then = route ? ticks(&route->RR_TimeStamp) : 0;
	FILETIME time;

	GetSystemTimeAsFileTime(&time);
	now = ticks(&time);
	if (then == 0 || then > now + second || (now > then && (now - then) / second >= INFINITE)) {
		SetLastError(ERROR_INVALID_PARAMETER);
		return INFINITE;
	}
	return now > then ? (ULONG)((now - then) / second) : 0; /* clocks are set back now and then */
}

#define CRITERIA_FLAGS (RTM_ONLY_THIS_NETWORK | RTM_ONLY_THIS_INTERFACE | RTM_ONLY_THIS_PROTOCOL)

/* Whether flags are known, and have the criteria that they refer to. */
static BOOL is_question(DWORD flags, const RTM_IP_ROUTE *criteria)
{
	return !(flags & ~(DWORD)(CRITERIA_FLAGS | RTM_ONLY_BEST_ROUTES)) && (criteria || !(flags & CRITERIA_FLAGS));
}

/*
 * Starts an enumeration: of one network if the flags say so, else, given RTM_ENUM_NEXT, from the network of the criteria
 * on.
 * ERROR_NOT_FOUND: there is no such network.
 */
static DWORD begin(CLIENT *client, DWORD flags, const RTM_IP_ROUTE *criteria, RTM_ENUM_FLAGS which,
                   RTM_ENUM_HANDLE *enumeration)
{
	RTM_DEST_HANDLE destination = NULL;
	RTM_NET_ADDRESS prefix;
	DWORD status;

	if (((flags & RTM_ONLY_THIS_NETWORK) || (which & RTM_ENUM_NEXT)) && !to_prefix(&criteria->RR_Network, &prefix))
		return ERROR_NOT_FOUND;
	if (flags & RTM_ONLY_THIS_NETWORK) {
		status = RtmGetExactMatchDestination(client->entity, &prefix, RTM_BEST_PROTOCOL, RTM_VIEW_MASK_UCAST,
		                                     client->dest);
		if (status != NO_ERROR)
			return status;
		destination = client->dest->DestHandle;
		which &= ~(RTM_ENUM_FLAGS)RTM_ENUM_NEXT;
	}
	status = RtmCreateRouteEnum(client->entity, destination, RTM_VIEW_MASK_UCAST, which,
	                            which & RTM_ENUM_NEXT ? &prefix : NULL, RTM_MATCH_NONE, NULL, 0, enumeration);
	if (destination)
		RtmReleaseDestInfo(client->entity, client->dest);
	return status;
}

/* Whether a route that was read from a handle meets the criteria, its network apart. */
static DWORD matches(CLIENT *client, RTM_ROUTE_HANDLE handle, const RTM_IP_ROUTE *route, DWORD flags,
                     const RTM_IP_ROUTE *criteria, BOOL *match)
{
	RTM_VIEW_SET best = RTM_VIEW_MASK_UCAST;
	DWORD status = NO_ERROR;

	if (flags & RTM_ONLY_BEST_ROUTES)
		status = RtmIsBestRoute(client->entity, handle, &best);
	*match = (best & RTM_VIEW_MASK_UCAST) != 0;
	if ((flags & RTM_ONLY_THIS_INTERFACE) && route->RR_InterfaceID != criteria->RR_InterfaceID)
		*match = FALSE;
	if ((flags & RTM_ONLY_THIS_PROTOCOL) && route->RR_RoutingProtocol != criteria->RR_RoutingProtocol)
		*match = FALSE;
	return status;
}

/* The next route that matches, with its handle, which is the caller's to release. ERROR_NO_MORE_ITEMS: the end. */
static DWORD fetch_match(CLIENT *client, RTM_ENUM_HANDLE enumeration, DWORD flags, const RTM_IP_ROUTE *criteria,
                         RTM_ROUTE_HANDLE *handle, RTM_IP_ROUTE *route)
{
	DWORD status;

	while ((status = fetch(client, enumeration, handle)) == NO_ERROR) {
		BOOL match = FALSE;

		status = read_route(client, *handle, route);
		if (status == NO_ERROR)
			status = matches(client, *handle, route, flags, criteria, &match);
		if (status == NO_ERROR && match)
			return NO_ERROR;
		RtmReleaseRoutes(client->entity, 1, handle);
		if (status != NO_ERROR && status != ERROR_NOT_FOUND) /* not found: deleted meanwhile */
			return status;
	}
	return status;
}

/* Room for one more route. */
static BOOL reserve(ROUTES *routes)
{
	size_t room = routes->room ? 2 * routes->room : 16;
	RTM_ROUTE_HANDLE *handles;

	if (routes->count < routes->room)
		return TRUE;
	handles = realloc(routes->handles, room * sizeof(*handles));
	if (!handles)
		return FALSE;
	routes->handles = handles;
	routes->room = room;
	return TRUE;
}

/* Takes everything that matches now. */
static DWORD collect(ROUTES *routes, DWORD flags, const RTM_IP_ROUTE *criteria)
{
	CLIENT *client = routes->client;
	RTM_ENUM_HANDLE enumeration;
	RTM_IP_ROUTE route;
	DWORD status = begin(client, flags, criteria, RTM_ENUM_START, &enumeration);

	if (status != NO_ERROR)
		return status;
	for (;;) {
		status = reserve(routes) ? fetch_match(client, enumeration, flags, criteria, &routes->handles[routes->count],
		                                       &route)
		                         : ERROR_NOT_ENOUGH_MEMORY;
		if (status != NO_ERROR)
			break;
		routes->count++;
	}
	RtmDeleteEnumHandle(client->entity, enumeration);
	return status == ERROR_NO_MORE_ITEMS && routes->count > 0 ? NO_ERROR : status;
}

static void free_routes(ROUTES *routes)
{
	if (routes->client)
		release_handles(routes);
	free(routes->handles);
	free(routes);
}

static DWORD open_matching(CLIENT *client, DWORD flags, const RTM_IP_ROUTE *criteria, ROUTES **opened)
{
	ROUTES *routes;
	DWORD status;

	if (!opened || !is_question(flags, criteria))
		return ERROR_INVALID_PARAMETER;
	routes = calloc(1, sizeof(*routes));
	if (!routes)
		return ERROR_NOT_ENOUGH_MEMORY;
	routes->client = client;
	status = collect(routes, flags, criteria);
	if (status != NO_ERROR) {
		free_routes(routes);
		return status;
	}
	routes->next = our.enumerations;
	our.enumerations = routes;
	*opened = routes;
	return NO_ERROR;
}

DWORD open_routes(CLIENT *client, DWORD flags, const RTM_IP_ROUTE *criteria, ROUTES **opened)
{
	DWORD status = ERROR_INVALID_HANDLE;

	if (enter(client))
		status = as_v1(open_matching(client, flags, criteria, opened));
	return leave(status);
}

/* Octets of the address, then the shorter mask, protocol, interface, octets of the next hop: the order of version 1. */
static int order(const RTM_IP_ROUTE *one, const RTM_IP_ROUTE *other)
{
	int result = memcmp(&one->RR_Network, &other->RR_Network, sizeof(IP_NETWORK));

	if (result == 0 && one->RR_RoutingProtocol != other->RR_RoutingProtocol)
		result = one->RR_RoutingProtocol < other->RR_RoutingProtocol ? -1 : 1;
	if (result == 0 && one->RR_InterfaceID != other->RR_InterfaceID)
		result = one->RR_InterfaceID < other->RR_InterfaceID ? -1 : 1;
	if (result == 0)
		result = memcmp(&one->RR_NextHopAddress.N_NetNumber, &other->RR_NextHopAddress.N_NetNumber, 4);
	return result;
}

/* Whether an entity is a single-route client of ours: of its routes version 1 asked for the network alone. */
static BOOL is_single_route(RTM_ENTITY_HANDLE entity)
{
	const CLIENT *client = our.clients;

	while (client && client->entity != entity)
		client = client->next;
	return client && (client->flags & RTM_PROTOCOL_SINGLE_ROUTE);
}

/* What RTM still knows of a route that was deleted. */
static DWORD read_former(CLIENT *reader, RTM_ROUTE_HANDLE handle, RTM_IP_ROUTE *former, BOOL *single)
{
	RTM_NET_ADDRESS prefix;
	RTM_ENTITY_INFO owner;
	DWORD status = RtmGetRouteInfo(reader->entity, handle, reader->info, &prefix);

	if (status != NO_ERROR)
		return status;
	memset(former, 0, sizeof(*former));
	from_prefix(&prefix, &former->RR_Network);
	*single = is_single_route(reader->info->RouteOwner);
	status = RtmGetEntityInfo(reader->entity, reader->info->RouteOwner, &owner);
	if (status == NO_ERROR) {
		former->RR_RoutingProtocol = owner.EntityId.EntityProtocolId;
		RtmReleaseEntityInfo(reader->entity, &owner);
		status = describe(reader, former);
	}
	RtmReleaseRouteInfo(reader->entity, reader->info);
	return status;
}

/* A route that was deleted and may have been added again: to RTM that is another one. */
static DWORD find_again(CLIENT *client, RTM_ROUTE_HANDLE deleted, RTM_IP_ROUTE *route)
{
	RTM_ENUM_HANDLE enumeration;
	RTM_ROUTE_HANDLE handle;
	RTM_IP_ROUTE former;
	BOOL single = FALSE;
	DWORD status = read_former(client, deleted, &former, &single);

	if (status == NO_ERROR)
		status = begin(client, RTM_ONLY_THIS_NETWORK, &former, RTM_ENUM_START, &enumeration);
	if (status != NO_ERROR)
		return status;
	while ((status = fetch_match(client, enumeration, 0, NULL, &handle, route)) == NO_ERROR) {
		RtmReleaseRoutes(client->entity, 1, &handle);
		if (single ? route->RR_RoutingProtocol == former.RR_RoutingProtocol : order(route, &former) == 0)
			break;
	}
	RtmDeleteEnumHandle(client->entity, enumeration);
	return status == ERROR_NO_MORE_ITEMS ? ERROR_NOT_FOUND : status;
}

static DWORD next_of(ROUTES *routes, RTM_IP_ROUTE *route)
{
	CLIENT *client = routes->client;

	if (!client)
		return ERROR_INVALID_HANDLE;
	if (!route)
		return ERROR_INVALID_PARAMETER;
	while (routes->position < routes->count) {
		RTM_IP_ROUTE found;
		DWORD status = read_route(client, routes->handles[routes->position], &found);

		if (status == ERROR_NOT_FOUND)
			status = find_again(client, routes->handles[routes->position], &found);
		if (status != NO_ERROR && status != ERROR_NOT_FOUND)
			return status;
		RtmReleaseRoutes(client->entity, 1, &routes->handles[routes->position++]);
		if (status == NO_ERROR) {
			*route = found;
			return NO_ERROR;
		}
	}
	return ERROR_NO_MORE_ITEMS;
}

/* Begins a call; tells whether this is an enumeration. */
static BOOL enter_routes(const ROUTES *routes)
{
	const ROUTES *known;

	AcquireSRWLockExclusive(&our.lock);
	known = our.enumerations;
	while (known && known != routes)
		known = known->next;
	return known != NULL;
}

DWORD next_route(ROUTES *routes, RTM_IP_ROUTE *route)
{
	DWORD status = ERROR_INVALID_HANDLE;

	if (enter_routes(routes))
		status = as_v1(next_of(routes, route));
	return leave(status);
}

DWORD close_routes(ROUTES *routes)
{
	ROUTES **link = &our.enumerations;

	if (!enter_routes(routes))
		return leave(ERROR_INVALID_HANDLE);
	while (*link != routes)
		link = &(*link)->next;
	*link = routes->next;
	free_routes(routes);
	return leave(NO_ERROR);
}

/* RTM_ONLY_BEST_ROUTES restricts nothing: as best routes go, others become best. */
static DWORD delete_those(CLIENT *client, DWORD flags, const RTM_IP_ROUTE *criteria)
{
	RTM_ENUM_HANDLE enumeration;
	RTM_ROUTE_HANDLE handle;
	RTM_IP_ROUTE route;
	BOOL any = FALSE;
	DWORD status = begin(client, flags, criteria, RTM_ENUM_OWN_ROUTES, &enumeration);

	if (status != NO_ERROR)
		return status;
	flags &= ~(DWORD)RTM_ONLY_BEST_ROUTES;
	while ((status = fetch_match(client, enumeration, flags, criteria, &handle, &route)) == NO_ERROR) {
		RTM_ROUTE_CHANGE_FLAGS change = 0;

		status = delete_own(client, handle, &route, &change);
		if (status == NO_ERROR)
			any = TRUE;
		else if (status != ERROR_NOT_FOUND) /* not found: has aged out meanwhile */
			break;
	}
	RtmDeleteEnumHandle(client->entity, enumeration);
	return any && status == ERROR_NO_MORE_ITEMS ? NO_ERROR : status;
}

DWORD delete_matching(CLIENT *client, DWORD flags, const RTM_IP_ROUTE *criteria)
{
	DWORD status;

	if (!enter(client))
		return leave(ERROR_INVALID_HANDLE);
	if (!is_question(flags, criteria))
		return leave(ERROR_INVALID_PARAMETER);
	forget_aged();
	catch_up();
	status = delete_those(client, flags, criteria);
	catch_up(); /* here, unlike for the others, the caller is told too */
	return leave(as_v1(status));
}

/* The first match in order, behind `above` unless that is NULL. */
static DWORD find_in_order(CLIENT *client, DWORD flags, const RTM_IP_ROUTE *criteria, const RTM_IP_ROUTE *above,
                           RTM_IP_ROUTE *found)
{
	RTM_ENUM_HANDLE enumeration;
	RTM_ROUTE_HANDLE handle;
	RTM_IP_ROUTE route;
	BOOL any = FALSE;
	DWORD status = begin(client, flags, criteria, above ? RTM_ENUM_NEXT : RTM_ENUM_START, &enumeration);

	if (status != NO_ERROR)
		return status;
	while ((status = fetch_match(client, enumeration, flags, criteria, &handle, &route)) == NO_ERROR) {
		RtmReleaseRoutes(client->entity, 1, &handle);
		/* Destinations come in order, the routes of one destination do not. */
		if (any && memcmp(&route.RR_Network, &found->RR_Network, sizeof(IP_NETWORK)) != 0)
			break;
		if ((!above || order(&route, above) > 0) && (!any || order(&route, found) < 0)) {
			*found = route;
			any = TRUE;
		}
	}
	RtmDeleteEnumHandle(client->entity, enumeration);
	return any && (status == NO_ERROR || status == ERROR_NO_MORE_ITEMS) ? NO_ERROR : status;
}

DWORD first_route(CLIENT *client, DWORD flags, RTM_IP_ROUTE *route)
{
	RTM_IP_ROUTE found;
	DWORD status;

	if (!enter(client))
		return leave(ERROR_INVALID_HANDLE);
	if (!route || !is_question(flags, route))
		return leave(ERROR_INVALID_PARAMETER);
	status = find_in_order(client, flags, route, NULL, &found);
	if (status == NO_ERROR)
		*route = found;
	return leave(as_v1(status));
}

DWORD route_after(CLIENT *client, DWORD flags, RTM_IP_ROUTE *route)
{
	RTM_NET_ADDRESS prefix;
	RTM_IP_ROUTE found;
	DWORD status;

	if (!enter(client))
		return leave(ERROR_INVALID_HANDLE);
	if (!route || !is_question(flags, route) || !to_prefix(&route->RR_Network, &prefix))
		return leave(ERROR_INVALID_PARAMETER);
	status = find_in_order(client, flags, route, route, &found);
	if (status == NO_ERROR)
		*route = found;
	return leave(as_v1(status));
}

BOOL look_up(CLIENT *client, DWORD address, RTM_IP_ROUTE *route, DWORD *error)
{
	IP_NETWORK host = {address, 0xFFFFFFFF};
	RTM_NET_ADDRESS prefix;
	RTM_IP_ROUTE found;
	DWORD status;

	to_prefix(&host, &prefix);
	if (!enter(client))
		status = ERROR_INVALID_HANDLE;
	else if (!route)
		status = ERROR_INVALID_PARAMETER;
	else
		status = read_found(client,
		                    RtmGetMostSpecificDestination(client->entity, &prefix, RTM_BEST_PROTOCOL,
		                                                  RTM_VIEW_MASK_UCAST, client->dest),
		                    &found);
	return answer(status, &found, route, error);
}
