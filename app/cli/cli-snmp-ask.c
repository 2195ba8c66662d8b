/* wiretalk-cli snmp: the manager's engine on a real socket. */
#include "app/cli/cli-snmp.h"

#include "app/hosts/key-check.h"

#include <gio/gio.h>
#include <glib/gi18n.h>
#include <string.h>

#define ENTERPRISE 64000 /* of our engine id; a number that nobody has been given */
#define NS_PER_TICK 10000000
#define WAIT_MAX G_GINT64_CONSTANT (60000000) /* µs */

typedef struct {
  WtCliSnmp *options;
  WtSnmpManager *manager;
  GSocket *socket;
  gboolean notifies; /* what an acknowledgement repeats is not told */
  gboolean done;
  WtCliStatus status;
} Talk;

static gint64
now (void)
{
  return g_get_monotonic_time () * 1000;
}

/* --- output
 * --------------------------------------------------------------------------------------------------------------- */

static void
take_binding (const Talk *self, const WtSnmpVarBind *binding)
{
  if (self->options->table)
    {
      g_autofree char *value = wt_mib_value_to_string (wt_mib_default (), &binding->name, &binding->value);
      if (binding->value.tag != WT_SNMP_END_OF_MIB_VIEW)
        wt_mib_table_add (self->options->table, &binding->name, value, NULL);
      return;
    }
  g_autofree char *line = wt_cli_snmp_binding (binding, self->options->numeric);
  wt_cli_print (line);
}

static void
print_error (Talk *self, const WtSnmpPdu *pdu)
{
  const char *status = wt_snmp_error_name (pdu->error_status);
  g_autofree char *name = NULL;
  if (pdu->error_index >= 1 && (guint) pdu->error_index <= pdu->bindings->len)
    name = wt_mib_oid_to_string (wt_mib_default (),
                                 &g_array_index (pdu->bindings, WtSnmpVarBind, pdu->error_index - 1).name);
  status = status ? status : "?";
  if (name)
    wt_cli_error (_ ("%s answers %s for %s"), self->options->address, status, name);
  else /* some errors are of the whole request: error-index 0 (RFC 3416 4.2) */
    wt_cli_error (_ ("%s answers %s"), self->options->address, status);
  wt_cli_snmp_explain (pdu->error_status);
  self->status = WT_CLI_INPUT;
}

static void
take_event (Talk *self, const WtSnmpManagerEvent *event)
{
  if (event->type == WT_SNMP_MANAGER_RESPONSE && event->pdu->error_status != WT_SNMP_NO_ERROR)
    print_error (self, event->pdu);
  else if (event->type == WT_SNMP_MANAGER_RESPONSE && !self->notifies)
    for (guint i = 0; i < event->pdu->bindings->len; i++)
      take_binding (self, &g_array_index (event->pdu->bindings, WtSnmpVarBind, i));
  if (event->type != WT_SNMP_MANAGER_DONE)
    return;
  self->done = TRUE;
  if (event->done == WT_SNMP_DONE_OK)
    return;
  self->status = WT_CLI_INPUT;
  if (event->done == WT_SNMP_DONE_TIMEOUT)
    wt_cli_error (_ ("no answer from %s: is the address right, and the community or user?"), self->options->address);
  else
    wt_cli_error ("%s: %s", self->options->address, event->text ? event->text : "Report");
}

/* --- the socket
 * ----------------------------------------------------------------------------------------------------------- */

static gboolean
send_waiting (Talk *self, GError **error)
{
  WtSnmpDatagram datagram;
  gboolean sent = TRUE;
  while (sent && wt_snmp_manager_take (self->manager, &datagram))
    {
      gsize n_bytes;
      const char *bytes = g_bytes_get_data (datagram.bytes, &n_bytes);
      g_autoptr (GError) problem = NULL;
      /* "Connection refused" is told of the datagram before: as if it had got lost. */
      sent = g_socket_send (self->socket, bytes, n_bytes, NULL, &problem) >= 0
             || g_error_matches (problem, G_IO_ERROR, G_IO_ERROR_CONNECTION_REFUSED);
      if (!sent)
        g_propagate_error (error, g_steal_pointer (&problem));
      g_bytes_unref (datagram.bytes);
    }
  return sent;
}

static void
receive (Talk *self)
{
  static guint8 buffer[WT_SNMP_DATAGRAM_MAX];
  gint64 deadline = wt_snmp_manager_deadline (self->manager);
  gint64 wait = deadline == G_MAXINT64 ? WAIT_MAX : CLAMP ((deadline - now ()) / 1000 + 1, 0, WAIT_MAX);
  if (g_socket_condition_timed_wait (self->socket, G_IO_IN, wait, NULL, NULL))
    {
      /* "Connection refused" comes here, too: the time for an answer runs out all the same. */
      gssize n = g_socket_receive (self->socket, (char *) buffer, sizeof buffer, NULL, NULL);
      if (n > 0)
        wt_snmp_manager_feed (self->manager, now (), self->options->target.peer, buffer, n);
      else
        g_usleep (1000);
    }
  wt_snmp_manager_tick (self->manager, now ());
}

/* Our own address, towards the target. */
static guint32
own_address (GSocket *socket)
{
  g_autoptr (GSocketAddress) address = g_socket_get_local_address (socket, NULL);
  if (address == NULL)
    return 0;
  const guint8 *bytes = g_inet_address_to_bytes (g_inet_socket_address_get_address (G_INET_SOCKET_ADDRESS (address)));
  return (guint32) bytes[0] << 24 | bytes[1] << 16 | bytes[2] << 8 | bytes[3];
}

static gboolean
talk (Talk *self, const WtSnmpRequest *asked, GError **error)
{
  WtSnmpManagerEvent event;
  WtSnmpRequest request = *asked;
  request.up_time = now () / NS_PER_TICK; /* the computer's: it counts from its start */
  request.agent_addr = own_address (self->socket);
  wt_snmp_manager_request (self->manager, now (), &self->options->target, &request);
  for (;;)
    {
      if (!send_waiting (self, error))
        return FALSE;
      while (!self->done && wt_snmp_manager_next (self->manager, &event))
        take_event (self, &event);
      if (self->done)
        return send_waiting (self, error);
      receive (self);
    }
}

static GSocketAddress *
find_address (WtCliSnmp *options, GError **error)
{
  g_autofree char *host = NULL;
  guint16 port = options->port;
  if (!wt_parse_endpoint (options->address, &host, &port))
    {
      g_set_error (error, WT_HOST_ERROR, WT_HOST_ERROR_VALUE,
                   _ ("“%s” is no host with a port; write router.example.org or 127.0.0.1:10161"), options->address);
      return NULL;
    }
  g_autoptr (GResolver) resolver = g_resolver_get_default ();
  GList *found =
      g_resolver_lookup_by_name_with_flags (resolver, host, G_RESOLVER_NAME_LOOKUP_FLAGS_IPV4_ONLY, NULL, error);
  if (found == NULL)
    return NULL;
  const guint8 *bytes = g_inet_address_to_bytes (found->data);
  options->target.peer = (WtSnmpPeer){ (guint32) bytes[0] << 24 | bytes[1] << 16 | bytes[2] << 8 | bytes[3], port };
  GSocketAddress *address = g_inet_socket_address_new (found->data, port);
  g_resolver_free_addresses (found);
  return address;
}

static GSocket *
open_socket (WtCliSnmp *options, GError **error)
{
  g_autoptr (GSocketAddress) address = find_address (options, error);
  if (address == NULL)
    return NULL;
  g_autoptr (GSocket) socket =
      g_socket_new (G_SOCKET_FAMILY_IPV4, G_SOCKET_TYPE_DATAGRAM, G_SOCKET_PROTOCOL_UDP, error);
  /* Connected: only the target's own datagrams come in. */
  if (socket == NULL || !g_socket_connect (socket, address, NULL, error))
    return NULL;
  g_socket_set_blocking (socket, FALSE);
  return g_steal_pointer (&socket);
}

WtSnmpUsm *
wt_cli_snmp_usm (const WtCliSnmp *options, gint64 now)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *name = g_strdup_printf ("cli%08x", g_random_int ());
  g_autoptr (GBytes) engine_id = wt_snmp_engine_id_new (ENTERPRISE, name);
  guint64 salt = (guint64)g_random_int () << 32 | g_random_int ();
  g_autoptr (WtSnmpUsm) usm = wt_snmp_usm_new (&(WtSnmpUsmConfig){ engine_id, 1, now, salt });
  if (options->user.name && !wt_snmp_usm_add_user (usm, &options->user, &error))
    {
      wt_cli_usage ("snmp", "--user: %s", error->message);
      return NULL;
    }
  return g_steal_pointer (&usm);
}

WtCliStatus
wt_cli_snmp_ask (WtCliSnmp *options, const WtSnmpRequest *request)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (WtSnmpUsm) usm = wt_cli_snmp_usm (options, now ());
  if (usm == NULL)
    return WT_CLI_USAGE;
  g_autoptr (WtSnmpManager) manager = wt_snmp_manager_new (usm, g_random_int_range (1, G_MAXINT32 / 2));
  if (options->user.name)
    options->target.level = wt_snmp_usm_user_level (usm, options->user.name);
  g_autoptr (GSocket) socket = open_socket (options, &error);
  gboolean notifies = request->op == WT_SNMP_OP_TRAP || request->op == WT_SNMP_OP_INFORM;
  Talk self = { options, manager, socket, notifies, FALSE, WT_CLI_DONE };
  if (socket == NULL || !talk (&self, request, &error))
    {
      wt_cli_error ("%s: %s", options->address, error->message);
      return WT_CLI_INPUT;
    }
  return self.status;
}
