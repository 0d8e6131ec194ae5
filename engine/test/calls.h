/*
 * calls.h - every function as data: which handles it takes, of which kinds, and how to call it with all
 * other arguments right. It lets a test put a wrong handle into each place in turn.
 */
#ifndef RTM2_TEST_CALLS_H
#define RTM2_TEST_CALLS_H

#include "support.h"

enum kind {
	KIND_ENTITY = 1 << 0,
	KIND_DEST = 1 << 1,
	KIND_ROUTE = 1 << 2,
	KIND_HOP = 1 << 3,
	KIND_DEST_ENUM = 1 << 4,
	KIND_ROUTE_ENUM = 1 << 5,
	KIND_HOP_ENUM = 1 << 6,
	KIND_LIST = 1 << 7,
	KIND_LIST_ENUM = 1 << 8,
	KIND_NOTIFY = 1 << 9,
	KINDS = 10
};

enum { MOST_PLACES = 5 };

struct call_arguments {
	HANDLE handle[MOST_PLACES]; /* [0] is the registration */
	/* Everything below is output, or input that may not change on failure. */
	dest_info dest;
	route_info route;
	RTM_NEXTHOP_INFO hop;
	RTM_NEXTHOP_INFO *hop_pointer;
	RTM_ENTITY_INFO entity;
	RTM_NET_ADDRESS address;
	RTM_ROUTE_INFO *route_pointer;
	RTM_ENTITY_EXPORT_METHOD method;
	RTM_ENTITY_METHOD_OUTPUT output;
	PVOID opaque;
	BOOL answer;
	HANDLE result;
	DWORD flags;
	UINT count;
};

/* One handle argument of a function. */
struct place {
	unsigned kinds;  /* accepted */
	bool optional;   /* NULL is not an error */
	bool gives_back; /* the caller has to hold a reference */
	DWORD foreign;   /* code for a live handle of the right kind that belongs to another entity, 0 if accepted */
};

struct call {
	const char *name;
	DWORD (*run)(struct call_arguments *a);
	unsigned places; /* handles besides the registration */
	struct place place[MOST_PLACES - 1];
};

extern const struct call calls[];
extern const unsigned number_of_calls;

/* Runs a call that has to fail and checks its code and that it wrote nothing (decision 81). */
bool check_refusal(const struct call *call, const HANDLE *handles, DWORD code);

#endif
