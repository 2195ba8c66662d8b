/* How many requests per second an SNMP agent on a UDP port answers, with 16 of them under way, and how long one takes.
 *
 *   snmp-rate [ADDRESS:]PORT COMMUNITY get|next|bulk SECONDS   prints answers per second, median and 99th percentile in µs
 *
 * It is the agent that shall be measured: requests are written once, with a request-id that is exchanged, of the answers
 * only request-id and error-status are read, and one system call sends or receives all that there is. */
#include "protocols/snmp/snmp-message.h"

#include <arpa/inet.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#define OUTSTANDING 16
#define LOST_SECONDS 1
#define FIRST_ID 0x01000000 /* four bytes, as all that follow */
#define ANSWER_MAX 2048
#define REQUEST_MAX 256

typedef struct {
  int fd;
  guint8 requests[OUTSTANDING][REQUEST_MAX];
  gsize length, id_at;       /* of a request; where its request-id lies */
  gint64 sent[OUTSTANDING];  /* µs, by request-id modulo */
  GArray *took;              /* (element-type gint64) µs */
  guint8 answers[OUTSTANDING][ANSWER_MAX];
} Client;

static void
send_requests (Client *self, const gint32 *ids, guint n_ids)
{
  struct iovec vectors[OUTSTANDING];
  struct mmsghdr headers[OUTSTANDING] = { 0 };
  gint64 now = g_get_monotonic_time ();
  for (guint i = 0; i < n_ids; i++)
    {
      guint slot = ids[i] % OUTSTANDING;
      gint32 id = GINT32_TO_BE (ids[i]);
      self->sent[slot] = now;
      memcpy (self->requests[slot] + self->id_at, &id, sizeof id);
      vectors[i] = (struct iovec){ self->requests[slot], self->length };
      headers[i].msg_hdr = (struct msghdr){ .msg_iov = &vectors[i], .msg_iovlen = 1 };
    }
  sendmmsg (self->fd, headers, n_ids, 0);
}

/* The request-id of an answer without error; -1: it is none. */
static gint32
read_answer (const guint8 *bytes, gsize n_bytes)
{
  WtBerReader reader = { .bytes = bytes, .end = n_bytes };
  WtBerElement element;
  gint64 id, status;
  if (!wt_ber_expect (&reader, WT_BER_SEQUENCE, "", &element))
    return -1;
  reader = wt_ber_inside (&reader, &element);
  if (!wt_ber_next (&reader, &element) || !wt_ber_next (&reader, &element)
      || !wt_ber_expect (&reader, WT_SNMP_RESPONSE, "", &element))
    return -1;
  reader = wt_ber_inside (&reader, &element);
  gboolean fine = wt_ber_next (&reader, &element) && wt_ber_integer (&reader, &element, &id)
                  && wt_ber_next (&reader, &element) && wt_ber_integer (&reader, &element, &status);
  return fine && status == 0 ? id : -1;
}

/* The ids of what has come; 0: nothing came in time. */
static guint
receive_answers (Client *self, gint32 *ids)
{
  struct iovec vectors[OUTSTANDING];
  struct mmsghdr headers[OUTSTANDING] = { 0 };
  guint n_ids = 0;
  for (guint i = 0; i < OUTSTANDING; i++)
    {
      vectors[i] = (struct iovec){ self->answers[i], ANSWER_MAX };
      headers[i].msg_hdr = (struct msghdr){ .msg_iov = &vectors[i], .msg_iovlen = 1 };
    }
  int n_received = recvmmsg (self->fd, headers, OUTSTANDING, MSG_WAITFORONE, NULL);
  for (int i = 0; i < n_received; i++)
    if ((ids[n_ids] = read_answer (self->answers[i], headers[i].msg_len)) >= 0)
      n_ids++;
  return n_ids;
}

static guint
run (Client *self, double seconds)
{
  gint64 end = g_get_monotonic_time () + (gint64) (seconds * 1e6), now;
  gint32 ids[OUTSTANDING];
  guint n = 0, n_ids;
  for (gint32 i = 0; i < OUTSTANDING; i++)
    ids[i] = FIRST_ID + i;
  send_requests (self, ids, OUTSTANDING);
  while ((now = g_get_monotonic_time ()) < end && (n_ids = receive_answers (self, ids)) > 0)
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

/* sysDescr.0 and what follows it; GetBulk asks for ten repetitions. */
static void
write_requests (Client *self, const char *community, const char *operation)
{
  g_auto (WtSnmpMessage) message;
  g_auto (WtBerWriter) writer = { 0 };
  WtSnmpValue null = { .tag = WT_BER_NULL };
  gint32 id = GINT32_TO_BE (FIRST_ID);
  WtOid name;
  wt_snmp_message_init (&message);
  message.version = WT_SNMP_V2C;
  message.community = (WtSlice){ (const guint8 *) community, strlen (community) };
  message.pdu.type = strcmp (operation, "get") == 0    ? WT_SNMP_GET
                     : strcmp (operation, "next") == 0 ? WT_SNMP_GET_NEXT
                                                       : WT_SNMP_GET_BULK;
  message.pdu.request_id = FIRST_ID;
  message.pdu.error_index = message.pdu.type == WT_SNMP_GET_BULK ? 10 : 0;
  wt_oid_parse ("1.3.6.1.2.1.1.1.0", &name);
  wt_snmp_pdu_add (&message.pdu, &name, &null);
  wt_snmp_message_write (&message, &writer);
  const guint8 *bytes = writer.buffer + writer.start;
  self->length = wt_ber_writer_length (&writer);
  g_assert (self->length <= REQUEST_MAX);
  self->id_at = (const guint8 *) memmem (bytes, self->length, &id, sizeof id) - bytes;
  for (guint i = 0; i < OUTSTANDING; i++)
    memcpy (self->requests[i], bytes, self->length);
}

static int
open_socket (const char *where)
{
  const char *colon = strchr (where, ':');
  g_autofree char *address = colon ? g_strndup (where, colon - where) : g_strdup ("127.0.0.1");
  struct sockaddr_in to = { .sin_family = AF_INET, .sin_port = htons (atoi (colon ? colon + 1 : where)) };
  struct timeval lost = { LOST_SECONDS, 0 };
  int fd = socket (AF_INET, SOCK_DGRAM, 0);
  setsockopt (fd, SOL_SOCKET, SO_RCVTIMEO, &lost, sizeof lost);
  if (inet_pton (AF_INET, address, &to.sin_addr) != 1 || connect (fd, (struct sockaddr *) &to, sizeof to) < 0)
    g_error ("no socket for %s", where);
  return fd;
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
  static Client client;
  if (argc != 5)
    g_error ("usage: snmp-rate [ADDRESS:]PORT COMMUNITY get|next|bulk SECONDS");
  client.took = g_array_new (FALSE, FALSE, sizeof (gint64));
  client.fd = open_socket (argv[1]);
  write_requests (&client, argv[2], argv[3]);
  double seconds = g_ascii_strtod (argv[4], NULL);
  guint n = run (&client, seconds);
  g_array_sort (client.took, compare);
  printf ("%.0f per second, median %" G_GINT64_FORMAT " µs, 99%% within %" G_GINT64_FORMAT " µs\n", n / seconds,
          n ? g_array_index (client.took, gint64, n / 2) : 0,
          n ? g_array_index (client.took, gint64, n * 99 / 100) : 0);
  g_array_unref (client.took);
  return n == 0;
}
