/* TLS: two sessions against each other, whatever pieces the records come in. */
#include "protocols/tls/tls.h"

#include <errno.h>
#include <gnutls/gnutls.h>
#include <string.h>

#define NAME "mail.example.org"

typedef struct {
  WtTls *tls;
  GByteArray *heard;
  char *failure;
  gboolean secured, closed;
  guint n_keys;
} End;

typedef struct {
  GBytes *certificate, *key;
  WtTlsCredentials *server, *client, *other;
} Fixture;

static Fixture fixture;

static void
make (WtTlsKeyType type, GBytes **certificate, GBytes **key)
{
  static const char *const names[] = { NAME, "10.0.1.25", NULL };
  g_autoptr (GError) error = NULL;
  WtTlsCertificateRequest request = { names, type, 1577836800, 4102444800 };
  g_assert_true (wt_tls_make_certificate (&request, certificate, key, &error));
  g_assert_no_error (error);
}

static void
count_key (const char *line, gpointer user_data)
{
  guint *n_keys = user_data;
  g_auto (GStrv) words = g_strsplit (line, " ", -1);
  g_assert_cmpuint (g_strv_length (words), ==, 3);
  g_assert_cmpuint (strlen (words[1]), ==, 64);
  (*n_keys)++;
}

static void
listen_to (End *self)
{
  WtTlsEvent event;
  while (wt_tls_next (self->tls, &event))
    switch (event.type)
      {
      case WT_TLS_SECURED:
        self->secured = TRUE;
        break;
      case WT_TLS_DATA:
        g_byte_array_append (self->heard, event.bytes, event.n_bytes);
        break;
      case WT_TLS_CLOSED:
        self->closed = TRUE;
        break;
      case WT_TLS_FAILED:
        self->failure = g_strdup (event.text);
        break;
      }
}

/* Carries what one has to say to the other, `piece` bytes at a time. */
static gboolean
carry (End *from, End *to, gsize piece)
{
  g_autoptr (GBytes) bytes = wt_tls_take (from->tls);
  if (bytes == NULL)
    return FALSE;
  gsize size;
  const guint8 *data = g_bytes_get_data (bytes, &size);
  for (gsize at = 0; at < size; at += piece)
    {
      wt_tls_feed (to->tls, data + at, MIN (piece, size - at));
      listen_to (to);
    }
  return TRUE;
}

static void
talk (End *client, End *server, gsize piece)
{
  for (gboolean more = TRUE; more;)
    {
      more = carry (client, server, piece);
      more |= carry (server, client, piece);
    }
}

static void
set_up (End *client, End *server, const WtTlsConfig *client_config, const char *server_priority)
{
  *client = (End){ .heard = g_byte_array_new () };
  *server = (End){ .heard = g_byte_array_new () };
  WtTlsConfig config = *client_config;
  config.key_log = count_key;
  config.key_log_data = &client->n_keys;
  client->tls = wt_tls_new (&config);
  server->tls = wt_tls_new (&(WtTlsConfig){ .server = TRUE, .credentials = fixture.server, .priority = server_priority });
}

static void
tear_down (End *self)
{
  wt_tls_free (self->tls);
  g_byte_array_unref (self->heard);
  g_free (self->failure);
}

/* --- */

static void
test_pieces (gconstpointer priority)
{
  static const gsize pieces[] = { 1, 5, 100, 1460, G_MAXSIZE / 2 };
  g_autofree guint8 *big = g_malloc (50000);
  memset (big, 'x', 50000);
  for (guint i = 0; i < G_N_ELEMENTS (pieces); i++)
    {
      End client, server;
      set_up (&client, &server, &(WtTlsConfig){ .credentials = fixture.client, .name = NAME, .verify = TRUE }, priority);
      wt_tls_write (client.tls, (const guint8 *) "early", 5); /* waits for the handshake */
      g_assert_null (wt_tls_info (client.tls));
      talk (&client, &server, pieces[i]);
      g_assert_true (client.secured && server.secured);
      g_assert_cmpstr (wt_tls_info (client.tls)->version, ==, priority ? "TLSv1.2" : "TLSv1.3");
      g_assert_nonnull (wt_tls_info (server.tls)->cipher);
      g_assert_cmpuint (wt_tls_info (server.tls)->bits, >=, 128);
      wt_tls_write (server.tls, big, 50000);
      wt_tls_close (server.tls);
      wt_tls_write (server.tls, big, 1); /* too late */
      talk (&client, &server, pieces[i]);
      g_assert_cmpmem (server.heard->data, server.heard->len, "early", 5);
      g_assert_cmpmem (client.heard->data, client.heard->len, big, 50000);
      g_assert_true (client.closed && !server.closed);
      g_assert_cmpuint (client.n_keys, >=, priority ? 1 : 4);
      tear_down (&client);
      tear_down (&server);
    }
}

static void
test_verify (void)
{
  static const struct {
    const char *name;
    gboolean known, verify, secured;
    gint64 later;        /* seconds; the client's clock */
    const char *problem; /* (nullable) what the client says */
    const char *told;    /* and the server hears */
  } rows[] = {
    { NAME, TRUE, TRUE, TRUE, 0, NULL, NULL },
    { "10.0.1.25", TRUE, TRUE, TRUE, 0, NULL, NULL },
    { "other.example.org", TRUE, TRUE, FALSE, 0, "is for " NAME, "Certificate is bad" },
    { NAME, FALSE, TRUE, FALSE, 0, "nobody whom the client trusts", "CA is unknown" },
    { "10.0.1.26", TRUE, TRUE, FALSE, 0, "not for 10.0.1.26", "Certificate is bad" },
    { "other.example.org", FALSE, FALSE, TRUE, 0, NULL, NULL },
    { NULL, FALSE, FALSE, TRUE, 0, NULL, NULL },
    { NAME, TRUE, TRUE, FALSE, 100LL * 365 * 86400, "expired on 2100-01-01 00:00 UTC", "Certificate is expired" },
    { NAME, TRUE, TRUE, FALSE, -100LL * 365 * 86400, "is valid from 2020-01-01 00:00 UTC", "Certificate is expired" },
    { NAME, TRUE, FALSE, TRUE, 100LL * 365 * 86400, NULL, NULL },
  };
  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      End client, server;
      g_test_message ("row %u", i);
      set_up (&client, &server,
              &(WtTlsConfig){ .credentials = rows[i].known ? fixture.client : fixture.other,
                              .name = rows[i].name,
                              .verify = rows[i].verify,
                              .now = g_get_real_time () / G_USEC_PER_SEC + rows[i].later },
              NULL);
      talk (&client, &server, 1460);
      g_assert_cmpint (client.secured, ==, rows[i].secured);
      g_assert_cmpint (client.failure != NULL, ==, !rows[i].secured);
      g_assert_cmpint (server.failure != NULL, ==, !rows[i].secured);
      g_test_message ("client: %s; server: %s", client.failure, server.failure);
      g_assert_true (rows[i].problem == NULL || strstr (client.failure, rows[i].problem) != NULL);
      g_assert_true (rows[i].told == NULL || strstr (server.failure, rows[i].told) != NULL);
      tear_down (&client);
      tear_down (&server);
    }
}

/* What is not TLS ends the session, and one end's refusal is told to the other. */
static void
test_failures (void)
{
  End client, server;
  set_up (&client, &server, &(WtTlsConfig){ .credentials = fixture.client, .priority = "NORMAL:-VERS-ALL:+VERS-TLS1.2" },
          "NORMAL:-VERS-ALL:+VERS-TLS1.3");
  talk (&client, &server, 100);
  g_assert_nonnull (client.failure);
  g_assert_nonnull (server.failure);
  tear_down (&client);
  tear_down (&server);

  set_up (&client, &server, &(WtTlsConfig){ .credentials = fixture.client }, NULL);
  wt_tls_feed (server.tls, (const guint8 *) "EHLO client.example.org\r\n", 25);
  listen_to (&server);
  g_assert_nonnull (server.failure);
  talk (&client, &server, 100);
  g_assert_nonnull (client.failure);
  tear_down (&client);
  tear_down (&server);
}

static void
test_credentials (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) other = NULL, other_key = NULL, text = g_bytes_new_static ("no PEM", 6);
  make (WT_TLS_KEY_ED25519, &other, &other_key);
  g_assert_null (wt_tls_credentials_new_server (fixture.certificate, other_key, &error));
  g_assert_error (error, WT_TLS_ERROR, WT_TLS_ERROR_CREDENTIALS);
  g_clear_error (&error);
  g_assert_null (wt_tls_credentials_new_server (text, fixture.key, &error));
  g_assert_error (error, WT_TLS_ERROR, WT_TLS_ERROR_CREDENTIALS);
  g_autoptr (WtTlsCredentials) fine = wt_tls_credentials_new_server (other, other_key, NULL);
  g_assert_nonnull (fine);
}

/* --- another server ----------------------------------------------------------------------------------------------- */

typedef struct {
  gnutls_session_t session;
  GByteArray *in, *out;
} Ticketer;

static ssize_t
push (gnutls_transport_ptr_t transport, const void *bytes, size_t n_bytes)
{
  g_byte_array_append (((Ticketer *) transport)->out, bytes, n_bytes);
  return n_bytes;
}

static ssize_t
pull (gnutls_transport_ptr_t transport, void *bytes, size_t n_bytes)
{
  Ticketer *self = transport;
  gsize n = MIN (n_bytes, self->in->len);
  if (n == 0)
    {
      gnutls_transport_set_errno (self->session, EAGAIN);
      return -1;
    }
  memcpy (bytes, self->in->data, n);
  g_byte_array_remove_range (self->in, 0, n);
  return n;
}

static int
pull_timeout (gnutls_transport_ptr_t transport, unsigned int ms)
{
  return ((Ticketer *) transport)->in->len > 0;
}

static void
begin_tickets (Ticketer *self, gnutls_certificate_credentials_t credentials, gnutls_datum_t *key)
{
  gnutls_init (&self->session, GNUTLS_SERVER);
  gnutls_set_default_priority (self->session);
  gnutls_credentials_set (self->session, GNUTLS_CRD_CERTIFICATE, credentials);
  gnutls_session_ticket_enable_server (self->session, key);
  gnutls_transport_set_ptr (self->session, self);
  gnutls_transport_set_push_function (self->session, push);
  gnutls_transport_set_pull_function (self->session, pull);
  gnutls_transport_set_pull_timeout_function (self->session, pull_timeout);
}

/* What a server says first comes together with its session tickets (RFC 8446 4.6.1), as Dovecot's greeting does. */
static void
test_tickets (void)
{
  Ticketer server = { .in = g_byte_array_new (), .out = g_byte_array_new () };
  End client = { .heard = g_byte_array_new () };
  gnutls_certificate_credentials_t credentials;
  gnutls_datum_t ticket_key, certificate, key;
  gsize size;
  certificate.data = (guint8 *) g_bytes_get_data (fixture.certificate, &size);
  certificate.size = size;
  key.data = (guint8 *) g_bytes_get_data (fixture.key, &size);
  key.size = size;
  gnutls_certificate_allocate_credentials (&credentials);
  g_assert_cmpint (gnutls_certificate_set_x509_key_mem (credentials, &certificate, &key, GNUTLS_X509_FMT_PEM), >=, 0);
  gnutls_session_ticket_key_generate (&ticket_key);
  begin_tickets (&server, credentials, &ticket_key);
  client.tls = wt_tls_new (&(WtTlsConfig){ .credentials = fixture.client });
  for (int result = GNUTLS_E_AGAIN; result == GNUTLS_E_AGAIN;)
    {
      g_autoptr (GBytes) records = wt_tls_take (client.tls);
      if (records)
        g_byte_array_append (server.in, g_bytes_get_data (records, NULL), g_bytes_get_size (records));
      result = gnutls_handshake (server.session);
      if (result == GNUTLS_E_SUCCESS)
        gnutls_record_send (server.session, "* OK hi\r\n", 9);
      wt_tls_feed (client.tls, server.out->data, server.out->len);
      g_byte_array_set_size (server.out, 0);
      listen_to (&client);
    }
  g_assert_true (client.secured);
  g_assert_cmpmem (client.heard->data, client.heard->len, "* OK hi\r\n", 9);
  gnutls_deinit (server.session);
  gnutls_certificate_free_credentials (credentials);
  gnutls_free (ticket_key.data);
  g_byte_array_unref (server.in);
  g_byte_array_unref (server.out);
  tear_down (&client);
}

int
main (int argc, char **argv)
{
  g_autoptr (GBytes) other = NULL, other_key = NULL;
  g_test_init (&argc, &argv, NULL);
  make (WT_TLS_KEY_ECDSA, &fixture.certificate, &fixture.key);
  make (WT_TLS_KEY_ECDSA, &other, &other_key);
  fixture.server = wt_tls_credentials_new_server (fixture.certificate, fixture.key, NULL);
  fixture.client = wt_tls_credentials_new_client (fixture.certificate, NULL);
  fixture.other = wt_tls_credentials_new_client (other, NULL);
  g_test_add_data_func ("/tls/pieces/1.3", NULL, test_pieces);
  g_test_add_data_func ("/tls/pieces/1.2", "NORMAL:-VERS-ALL:+VERS-TLS1.2", test_pieces);
  g_test_add_func ("/tls/tickets", test_tickets);
  g_test_add_func ("/tls/verify", test_verify);
  g_test_add_func ("/tls/failures", test_failures);
  g_test_add_func ("/tls/credentials", test_credentials);
  int result = g_test_run ();
  wt_tls_credentials_unref (fixture.server);
  wt_tls_credentials_unref (fixture.client);
  wt_tls_credentials_unref (fixture.other);
  g_bytes_unref (fixture.certificate);
  g_bytes_unref (fixture.key);
  return result;
}
