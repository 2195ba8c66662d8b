/* wiretalk-cli snmp receive: traps and informs as they come. */
#include "app/cli/cli-snmp.h"

#include "app/hosts/key-check.h"
#include "protocols/snmp/snmp-notification.h"

#include <gio/gio.h>
#include <glib-unix.h>
#include <glib/gi18n.h>

#define LIVE_TRAP_PORT 10162 /* needs no privilege: where live mode has it, too */

typedef struct
{
  WtCliSnmp *options;
  WtSnmpManager *manager;
  GSocket *socket;
  GMainLoop *loop;
  int left; /* notifications that are still waited for; below 0: any number */
} Receiver;

static gint64
now (void)
{
  return g_get_monotonic_time () * 1000;
}

/* --- output
 * --------------------------------------------------------------------------------------------------------------- */

static const char *
kind_of (guint8 type)
{
  return type == WT_SNMP_INFORM ? _ ("inform, acknowledged") : _ ("trap");
}

static void
print_notification (Receiver *self, const WtSnmpManagerEvent *event)
{
  g_autoptr (GDateTime) time = g_date_time_new_now_local ();
  g_autofree char *clock = g_date_time_format (time, "%H:%M:%S"), *name = NULL;
  g_autofree char *from = wt_address_to_string ((WtAddress){ event->peer.ip, event->peer.port });
  g_autoptr (GString) text = g_string_new (NULL);
  WtOid oid;
  if (wt_snmp_notification_oid (event->pdu, &oid))
    name = self->options->numeric ? wt_oid_to_string (&oid) : wt_mib_oid_to_string (wt_mib_default (), &oid);
  g_string_append_printf (text, "%s %s v%s ", clock, from, wt_snmp_version_name (event->version));
  wt_cli_append_value (text, event->name);
  g_string_append_printf (text, " %s: %s\n", kind_of (event->pdu->type), name ? name : "?");
  for (guint i = wt_snmp_notification_first (event->pdu); i < event->pdu->bindings->len; i++)
    {
      g_autofree char *line =
          wt_cli_snmp_binding (&g_array_index (event->pdu->bindings, WtSnmpVarBind, i), self->options->numeric);
      g_string_append_printf (text, "  %s", line);
    }
  if (!wt_cli_print (text->str) || (self->left > 0 && --self->left == 0))
    g_main_loop_quit (self->loop);
}

/* --- the socket
 * ----------------------------------------------------------------------------------------------------------- */

static void
send_answers (Receiver *self)
{
  WtSnmpDatagram datagram;
  while (wt_snmp_manager_take (self->manager, &datagram))
    {
      g_autoptr (GInetAddress) ip = g_inet_address_new_from_bytes (
          (const guint8[]){ datagram.to.ip >> 24, datagram.to.ip >> 16, datagram.to.ip >> 8, datagram.to.ip },
          G_SOCKET_FAMILY_IPV4);
      g_autoptr (GSocketAddress) to = g_inet_socket_address_new (ip, datagram.to.port);
      gsize n_bytes;
      const char *bytes = g_bytes_get_data (datagram.bytes, &n_bytes);
      g_socket_send_to (self->socket, to, bytes, n_bytes, NULL, NULL); /* lost: it comes again */
      g_bytes_unref (datagram.bytes);
    }
}

static gboolean
peer_of (GSocketAddress *address, WtSnmpPeer *peer)
{
  if (!G_IS_INET_SOCKET_ADDRESS (address))
    return FALSE;
  GInetSocketAddress *inet = G_INET_SOCKET_ADDRESS (address);
  const guint8 *bytes = g_inet_address_to_bytes (g_inet_socket_address_get_address (inet));
  *peer = (WtSnmpPeer){ (guint32)bytes[0] << 24 | bytes[1] << 16 | bytes[2] << 8 | bytes[3],
                        g_inet_socket_address_get_port (inet) };
  return TRUE;
}

static gboolean
on_datagram (GSocket *socket, GIOCondition condition, gpointer user_data)
{
  static guint8 buffer[WT_SNMP_DATAGRAM_MAX];
  Receiver *self = user_data;
  WtSnmpManagerEvent event;
  WtSnmpPeer peer;
  g_autoptr (GSocketAddress) from = NULL;
  gssize n = g_socket_receive_from (socket, &from, (char *)buffer, sizeof buffer, NULL, NULL);
  if (n <= 0 || !peer_of (from, &peer))
    return G_SOURCE_CONTINUE;
  wt_snmp_manager_feed (self->manager, now (), peer, buffer, n);
  while (self->left != 0 && wt_snmp_manager_next (self->manager, &event))
    if (event.type == WT_SNMP_MANAGER_NOTIFICATION)
      print_notification (self, &event);
  send_answers (self);
  return G_SOURCE_CONTINUE;
}

/* "10162", "127.0.0.1", "0.0.0.0:162", NULL. */
static GSocketAddress *
listen_address (const char *text)
{
  g_autofree char *host = NULL;
  guint64 number;
  guint16 port = LIVE_TRAP_PORT;
  guint32 ip = 0x7f000001;
  if (text && g_ascii_string_to_unsigned (text, 10, 1, G_MAXUINT16, &number, NULL))
    port = number;
  else if (text && (!wt_parse_endpoint (text, &host, &port) || !wt_parse_ipv4 (host, &ip)))
    return NULL;
  if (ip >> 24 != 127)
    wt_cli_error (_ ("other computers can send to this port while this runs"));
  g_autofree char *address = wt_address_to_string ((WtAddress){ ip, 0 });
  return g_inet_socket_address_new_from_string (address, port);
}

static GSocket *
bind_socket (GSocketAddress *address, GError **error)
{
  g_autoptr (GSocket) socket =
      g_socket_new (G_SOCKET_FAMILY_IPV4, G_SOCKET_TYPE_DATAGRAM, G_SOCKET_PROTOCOL_UDP, error);
  if (socket == NULL || !g_socket_bind (socket, address, FALSE, error))
    return NULL;
  g_socket_set_blocking (socket, FALSE);
  return g_steal_pointer (&socket);
}

static gboolean
on_signal (gpointer user_data)
{
  g_main_loop_quit (user_data);
  return G_SOURCE_CONTINUE;
}

static WtCliStatus
serve (Receiver *self, const char *ready_file)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GSource) source = g_socket_create_source (self->socket, G_IO_IN, NULL);
  g_autoptr (GSocketAddress) local = g_socket_get_local_address (self->socket, NULL);
  g_autofree char *shown = g_socket_connectable_to_string (G_SOCKET_CONNECTABLE (local));
  self->loop = g_main_loop_new (NULL, FALSE);
  g_source_set_callback (source, G_SOURCE_FUNC (on_datagram), self, NULL);
  g_source_attach (source, NULL);
  g_unix_signal_add (SIGINT, on_signal, self->loop);
  g_unix_signal_add (SIGTERM, on_signal, self->loop);
  g_printerr (_ ("Listening for traps and informs on %s\n"), shown);
  gboolean ready = ready_file == NULL || g_file_set_contents (ready_file, shown, -1, &error);
  if (ready)
    g_main_loop_run (self->loop);
  else
    wt_cli_error ("%s", error->message);
  g_source_destroy (source);
  g_main_loop_unref (self->loop);
  return ready ? WT_CLI_DONE : WT_CLI_INPUT;
}

WtCliStatus
wt_cli_snmp_receive (WtCliSnmp *options, int count, const char *ready_file)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GSocketAddress) address = listen_address (options->address);
  g_autoptr (WtSnmpUsm) usm = wt_cli_snmp_usm (options, now ());
  if (usm == NULL)
    return WT_CLI_USAGE;
  if (address == NULL)
    return wt_cli_usage ("snmp", _ ("“%s” is nowhere to listen; write 127.0.0.1:10162, or a port"), options->address);
  g_autoptr (WtSnmpManager) manager = wt_snmp_manager_new (usm, 1);
  g_autoptr (GSocket) socket = bind_socket (address, &error);
  if (socket == NULL)
    {
      wt_cli_error ("%s", error->message);
      return WT_CLI_INPUT;
    }
  if (options->target.community)
    wt_snmp_manager_accept_community (manager, options->target.community);
  Receiver self = { options, manager, socket, NULL, count > 0 ? count : -1 };
  return serve (&self, ready_file);
}
