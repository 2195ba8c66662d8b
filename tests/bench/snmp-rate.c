/* How many requests per second an SNMP agent on a UDP port answers, with 16 of them under way, and how long one takes.
 *
 *   snmp-rate PORT COMMUNITY get|next|bulk SECONDS      prints answers per second, median and 99th percentile in µs */
#include "protocols/snmp/snmp-message.h"

#include <arpa/inet.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#define OUTSTANDING 16
#define LOST_SECONDS 1

typedef struct {
  WtSnmpMessage message;
  gint64 sent[OUTSTANDING]; /* µs, by request-id modulo */
  GArray *took;             /* (element-type gint64) µs */
  int fd;
} Client;

/* In one system call, so that it is the agent that is measured. */
static void
send_requests (Client *self, const gint32 *ids, guint n_ids)
{
  WtBerWriter writers[OUTSTANDING] = { 0 };
  struct iovec vectors[OUTSTANDING];
  struct mmsghdr headers[OUTSTANDING] = { 0 };
  for (guint i = 0; i < n_ids; i++)
    {
      self->message.pdu.request_id = ids[i];
      self->sent[ids[i] % OUTSTANDING] = g_get_monotonic_time ();
      wt_snmp_message_write (&self->message, &writers[i]);
      vectors[i] = (struct iovec){ writers[i].buffer + writers[i].start, wt_ber_writer_length (&writers[i]) };
      headers[i].msg_hdr = (struct msghdr){ .msg_iov = &vectors[i], .msg_iovlen = 1 };
    }
  sendmmsg (self->fd, headers, n_ids, 0);
  for (guint i = 0; i < n_ids; i++)
    wt_ber_writer_clear (&writers[i]);
}

/* The ids of what has come; 0: nothing came in time. */
static guint
receive_answers (Client *self, WtSnmpMessage *answer, gint32 *ids)
{
  static guint8 buffers[OUTSTANDING][65536];
  struct iovec vectors[OUTSTANDING];
  struct mmsghdr headers[OUTSTANDING] = { 0 };
  guint n_ids = 0;
  for (guint i = 0; i < OUTSTANDING; i++)
    {
      vectors[i] = (struct iovec){ buffers[i], sizeof buffers[i] };
      headers[i].msg_hdr = (struct msghdr){ .msg_iov = &vectors[i], .msg_iovlen = 1 };
    }
  int n_received = recvmmsg (self->fd, headers, OUTSTANDING, MSG_WAITFORONE, NULL);
  for (int i = 0; i < n_received; i++)
    if (wt_snmp_message_parse (answer, buffers[i], headers[i].msg_len, NULL) == WT_SNMP_PARSED)
      ids[n_ids++] = answer->pdu.request_id;
  return n_ids;
}

static guint
run (Client *self, double seconds)
{
  g_auto (WtSnmpMessage) answer;
  wt_snmp_message_init (&answer);
  gint64 end = g_get_monotonic_time () + (gint64) (seconds * 1e6), now;
  gint32 ids[OUTSTANDING];
  guint n = 0, n_ids;
  for (gint32 id = 0; id < OUTSTANDING; id++)
    ids[id] = id;
  send_requests (self, ids, OUTSTANDING);
  while ((now = g_get_monotonic_time ()) < end && (n_ids = receive_answers (self, &answer, ids)) > 0)
    {
      now = g_get_monotonic_time ();
      for (guint i = 0; i < n_ids; i++)
        {
          gint64 took = now - self->sent[ids[i] % OUTSTANDING];
          g_array_append_val (self->took, took);
          ids[i] += OUTSTANDING;
        }
      send_requests (self, ids, n_ids);
      n += n_ids;
    }
  return n;
}

static gint
compare (gconstpointer a, gconstpointer b)
{
  gint64 first = *(const gint64 *) a, second = *(const gint64 *) b;
  return first < second ? -1 : first > second;
}

int
main (int argc, char **argv)
{
  Client client = { .took = g_array_new (FALSE, FALSE, sizeof (gint64)) };
  WtSnmpValue null = { .tag = WT_BER_NULL };
  WtOid name;
  if (argc != 5)
    g_error ("usage: snmp-rate PORT COMMUNITY get|next|bulk SECONDS");
  struct sockaddr_in to = { .sin_family = AF_INET,
                            .sin_addr.s_addr = htonl (INADDR_LOOPBACK),
                            .sin_port = htons (atoi (argv[1])) };
  struct timeval lost = { LOST_SECONDS, 0 };
  client.fd = socket (AF_INET, SOCK_DGRAM, 0);
  setsockopt (client.fd, SOL_SOCKET, SO_RCVTIMEO, &lost, sizeof lost);
  if (connect (client.fd, (struct sockaddr *) &to, sizeof to) < 0)
    g_error ("no socket");
  wt_snmp_message_init (&client.message);
  client.message.version = WT_SNMP_V2C;
  client.message.community = (WtSlice){ (const guint8 *) argv[2], strlen (argv[2]) };
  client.message.pdu.type = strcmp (argv[3], "get") == 0    ? WT_SNMP_GET
                            : strcmp (argv[3], "next") == 0 ? WT_SNMP_GET_NEXT
                                                            : WT_SNMP_GET_BULK;
  client.message.pdu.error_index = client.message.pdu.type == WT_SNMP_GET_BULK ? 10 : 0;
  wt_oid_parse ("1.3.6.1.2.1.1.1.0", &name);
  wt_snmp_pdu_add (&client.message.pdu, &name, &null);
  double seconds = g_ascii_strtod (argv[4], NULL);
  guint n = run (&client, seconds);
  g_array_sort (client.took, compare);
  printf ("%.0f per second, median %" G_GINT64_FORMAT " µs, 99%% within %" G_GINT64_FORMAT " µs\n", n / seconds,
          n ? g_array_index (client.took, gint64, n / 2) : 0,
          n ? g_array_index (client.took, gint64, n * 99 / 100) : 0);
  wt_snmp_message_clear (&client.message);
  g_array_unref (client.took);
  return n == 0;
}
