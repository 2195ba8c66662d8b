/* The SNMP engines on a UDP socket of 127.0.0.1, for real programs to talk to.
 *
 *   snmp-udp agent [TRAP-PORT]           prints its port; coldStart goes to TRAP-PORT in each version, as trap and
 * inform snmp-udp manager PORT VERSION NAME LEVEL get|next|bulk|set|walk|bulkwalk|table|trap|inform OID[=TEXT]...
 *                                        prints "OID TYPE VALUE" lines, or why not; VERSION 1, 2c, 3
 *   snmp-udp receiver                    prints its port, then each notification */
#include "protocols/snmp/snmp-notification.h"
#include "snmp-sample.h"

#include <arpa/inet.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#define TRY_MS 2000

static gint64
now (void)
{
  return g_get_monotonic_time () * 1000;
}

static int
open_socket (void)
{
  struct sockaddr_in address = { .sin_family = AF_INET, .sin_addr.s_addr = htonl (INADDR_LOOPBACK) };
  int fd = socket (AF_INET, SOCK_DGRAM, 0);
  if (fd < 0 || bind (fd, (struct sockaddr *) &address, sizeof address) < 0)
    g_error ("no socket: %s", g_strerror (errno));
  return fd;
}

static void
say_port (int fd)
{
  struct sockaddr_in address;
  socklen_t length = sizeof address;
  getsockname (fd, (struct sockaddr *) &address, &length);
  printf ("%u\n", ntohs (address.sin_port));
  fflush (stdout);
}

static void
send_datagram (int fd, WtSnmpPeer to, GBytes *bytes)
{
  struct sockaddr_in address = { .sin_family = AF_INET, .sin_addr.s_addr = htonl (to.ip), .sin_port = htons (to.port) };
  sendto (fd, g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes), 0, (struct sockaddr *) &address,
          sizeof address);
}

static gssize
receive_datagram (int fd, WtSnmpPeer *from, guint8 *buffer, gsize size)
{
  struct sockaddr_in address;
  socklen_t length = sizeof address;
  gssize n_bytes = recvfrom (fd, buffer, size, MSG_DONTWAIT, (struct sockaddr *) &address, &length);
  *from = (WtSnmpPeer){ ntohl (address.sin_addr.s_addr), ntohs (address.sin_port) };
  return n_bytes;
}

/* Until there is something to read, or the deadline has come. */
static void
wait_until (int fd, gint64 deadline)
{
  struct pollfd poll_fd = { fd, POLLIN, 0 };
  gint64 left = deadline == G_MAXINT64 ? -1 : MAX (0, (deadline - now ()) / 1000000 + 1);
  poll (&poll_fd, 1, (int) MIN (left, 60000));
}

/* --- agent ------------------------------------------------------------------------------------------------------- */

static void
add_targets (WtSnmpAgent *agent, guint16 port)
{
  static const struct {
    WtSnmpVersion version;
    const char *user;
    WtSnmpLevel level;
    gboolean inform;
  } rows[] = { { WT_SNMP_V1, NULL, 0, FALSE },
               { WT_SNMP_V2C, NULL, 0, FALSE },
               { WT_SNMP_V2C, NULL, 0, TRUE },
               { WT_SNMP_V3, "shaaes", WT_SNMP_AUTH_PRIV, FALSE },
               { WT_SNMP_V3, "sha256aes", WT_SNMP_AUTH_PRIV, TRUE } };
  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      WtSnmpTarget target = {
        { INADDR_LOOPBACK, port }, rows[i].version, "public", rows[i].user, rows[i].level, NULL, 500, 8
      };
      wt_snmp_agent_add_target (agent, &target, rows[i].inform);
    }
}

static void
send_waiting (int fd, WtSnmpAgent *agent)
{
  WtSnmpDatagram datagram;
  while (wt_snmp_agent_take (agent, &datagram))
    {
      send_datagram (fd, datagram.to, datagram.bytes);
      g_bytes_unref (datagram.bytes);
    }
}

static void
serve (guint16 trap_port)
{
  g_autoptr (SampleMib) mib = sample_mib_new (20);
  g_autoptr (WtSnmpUsm) usm = sample_usm_new ("agent", now ());
  g_autoptr (WtSnmpAgent) agent = sample_agent_new (usm, mib);
  static guint8 buffer[65536];
  int fd = open_socket ();
  say_port (fd);
  if (trap_port)
    {
      WtOid cold_start = sample_oid ("1.3.6.1.6.3.1.1.5.1");
      add_targets (agent, trap_port);
      wt_snmp_agent_notify (agent, now (), &cold_start, NULL, 0);
    }
  for (;;)
    {
      WtSnmpPeer from;
      gssize n_bytes;
      send_waiting (fd, agent);
      wait_until (fd, wt_snmp_agent_deadline (agent));
      while ((n_bytes = receive_datagram (fd, &from, buffer, sizeof buffer)) >= 0)
        {
          g_autoptr (GBytes) answer = wt_snmp_agent_feed (agent, now (), from, buffer, n_bytes);
          if (answer)
            send_datagram (fd, from, answer);
        }
      wt_snmp_agent_tick (agent, now ());
    }
}

/* --- manager ----------------------------------------------------------------------------------------------------- */

static void
print_bindings (const WtSnmpPdu *pdu)
{
  for (guint i = 0; i < pdu->bindings->len; i++)
    {
      const WtSnmpVarBind *binding = &g_array_index (pdu->bindings, WtSnmpVarBind, i);
      g_autofree char *name = wt_oid_to_string (&binding->name);
      g_autofree char *value = wt_snmp_value_to_string (&binding->value);
      printf ("%s %s %s\n", name, wt_snmp_value_name (binding->value.tag), value);
    }
  if (pdu->type != WT_SNMP_TRAP_V1 && pdu->error_status != 0)
    printf ("error %s %d\n", wt_snmp_error_name (pdu->error_status), pdu->error_index);
}

static void
print_notification (const WtSnmpManagerEvent *event)
{
  WtOid trap = { 0 };
  wt_snmp_notification_oid (event->pdu, &trap);
  g_autofree char *name = wt_oid_to_string (&trap);
  printf ("%s v%d %s %s\n", wt_snmp_pdu_name (event->pdu->type), event->version, event->name, name);
}

/* FALSE: the request has ended. */
static gboolean
print_event (const WtSnmpManagerEvent *event)
{
  if (event->type == WT_SNMP_MANAGER_RESPONSE)
    print_bindings (event->pdu);
  else if (event->type == WT_SNMP_MANAGER_NOTIFICATION)
    print_notification (event);
  else if (event->type == WT_SNMP_MANAGER_DONE && event->done != WT_SNMP_DONE_OK)
    printf ("failed: %s\n", event->done == WT_SNMP_DONE_TIMEOUT ? "timeout" : event->text);
  fflush (stdout);
  return event->type != WT_SNMP_MANAGER_DONE;
}

static void
run_manager (int fd, WtSnmpManager *manager)
{
  static guint8 buffer[65536];
  for (gboolean going = TRUE; going;)
    {
      WtSnmpPeer from;
      WtSnmpDatagram datagram;
      WtSnmpManagerEvent event;
      gssize n_bytes;
      while (wt_snmp_manager_next (manager, &event))
        going = going && print_event (&event);
      while (wt_snmp_manager_take (manager, &datagram))
        {
          send_datagram (fd, datagram.to, datagram.bytes);
          g_bytes_unref (datagram.bytes);
        }
      if (!going)
        break;
      wait_until (fd, wt_snmp_manager_deadline (manager));
      while ((n_bytes = receive_datagram (fd, &from, buffer, sizeof buffer)) >= 0)
        wt_snmp_manager_feed (manager, now (), from, buffer, n_bytes);
      wt_snmp_manager_tick (manager, now ());
    }
}

static WtSnmpOp
find_op (const char *text)
{
  static const char *const names[] = { "get", "next", "bulk", "set", "walk", "bulkwalk", "table", "trap", "inform" };
  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    if (strcmp (names[i], text) == 0)
      return i;
  g_error ("“%s” is no operation", text);
}

/* NAME, or NAME=TEXT. */
static GArray *
read_bindings (char **arguments, int n_arguments)
{
  GArray *bindings = g_array_new (FALSE, TRUE, sizeof (WtSnmpVarBind));
  for (int i = 0; i < n_arguments; i++)
    {
      WtSnmpVarBind binding = { .value = { .tag = WT_BER_NULL } };
      char *text = strchr (arguments[i], '=');
      if (text)
        {
          *text++ = '\0';
          binding.value = (WtSnmpValue){ .tag = WT_BER_OCTETS, .octets = { (guint8 *) text, strlen (text) } };
        }
      binding.name = sample_oid (arguments[i]);
      g_array_append_val (bindings, binding);
    }
  return bindings;
}

static void
ask (char **arguments, int n_arguments)
{
  g_autoptr (WtSnmpUsm) usm = sample_usm_new ("manager", now ());
  g_autoptr (WtSnmpManager) manager = wt_snmp_manager_new (usm, 1000);
  WtSnmpTarget target = { { INADDR_LOOPBACK, atoi (arguments[0]) },
                          arguments[1][0] == '1'   ? WT_SNMP_V1
                          : arguments[1][0] == '2' ? WT_SNMP_V2C
                                                   : WT_SNMP_V3,
                          arguments[2],
                          arguments[2],
                          atoi (arguments[3]),
                          NULL,
                          TRY_MS,
                          1 };
  g_autoptr (GArray) bindings = read_bindings (arguments + 5, n_arguments - 5);
  WtSnmpRequest request = { .op = find_op (arguments[4]),
                            .bindings = (WtSnmpVarBind *) bindings->data,
                            .n_bindings = bindings->len,
                            .max_repetitions = 7,
                            .up_time = 4711,
                            .trap = sample_oid ("1.3.6.1.6.3.1.1.5.3"),
                            .agent_addr = INADDR_LOOPBACK };
  wt_snmp_manager_request (manager, now (), &target, &request);
  run_manager (open_socket (), manager);
}

int
main (int argc, char **argv)
{
  if (argc >= 2 && strcmp (argv[1], "agent") == 0)
    serve (argc > 2 ? atoi (argv[2]) : 0);
  else if (argc >= 8 && strcmp (argv[1], "manager") == 0)
    ask (argv + 2, argc - 2);
  else if (argc == 2 && strcmp (argv[1], "receiver") == 0)
    {
      g_autoptr (WtSnmpUsm) usm = sample_usm_new ("receiver", now ());
      g_autoptr (WtSnmpManager) manager = wt_snmp_manager_new (usm, 1000);
      int fd = open_socket ();
      say_port (fd);
      run_manager (fd, manager);
    }
  else
    g_error ("usage: snmp-udp agent [TRAP-PORT] | manager PORT VERSION NAME LEVEL OPERATION OID... | receiver");
  return 0;
}
