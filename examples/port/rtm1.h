/* rtm1.h - the functions of Rtm.h for IP, over RTMv2. Made from MIGRATION.md, where they are explained. */
#ifndef RTM1_H
#define RTM1_H

#include <winsock2.h> /* AF_INET */
#include <windows.h>
#include <rtm.h> /* RTM_IP_ROUTE and the constants, no functions */
#include <rtmv2.h>

typedef struct CLIENT CLIENT; /* stands for the HANDLE of RtmRegisterClient */
typedef struct ROUTES ROUTES; /* stands for the HANDLE of RtmCreateEnumerationHandle */

DWORD start(DWORD protocol, HANDLE event, DWORD flags, CLIENT **started);
DWORD stop(CLIENT *client);
DWORD add_route(CLIENT *client, const RTM_IP_ROUTE *route, DWORD seconds, DWORD *flags, RTM_IP_ROUTE *current,
                RTM_IP_ROUTE *previous);
DWORD delete_route(CLIENT *client, const RTM_IP_ROUTE *route, DWORD *flags, RTM_IP_ROUTE *current);
DWORD delete_matching(CLIENT *client, DWORD flags, const RTM_IP_ROUTE *criteria);
DWORD next_message(CLIENT *client, DWORD *flags, RTM_IP_ROUTE *current, RTM_IP_ROUTE *previous);
BOOL is_route(CLIENT *client, const IP_NETWORK *network, RTM_IP_ROUTE *best, DWORD *error);
BOOL look_up(CLIENT *client, DWORD address, RTM_IP_ROUTE *route, DWORD *error);
DWORD count_networks(CLIENT *client, ULONG *networks);
ULONG age_of(const RTM_IP_ROUTE *route);
DWORD open_routes(CLIENT *client, DWORD flags, const RTM_IP_ROUTE *criteria, ROUTES **opened);
DWORD next_route(ROUTES *routes, RTM_IP_ROUTE *route);
DWORD close_routes(ROUTES *routes);
DWORD first_route(CLIENT *client, DWORD flags, RTM_IP_ROUTE *route);
DWORD route_after(CLIENT *client, DWORD flags, RTM_IP_ROUTE *route);

#endif
