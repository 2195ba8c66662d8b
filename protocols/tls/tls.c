#include "protocols/tls/tls-private.h"

#include <errno.h>
#include <gnutls/x509.h>
#include <string.h>

#define PRIORITY "NORMAL:-VERS-ALL:+VERS-TLS1.3:+VERS-TLS1.2" /* RFC 8996: nothing older */
#define HANDSHAKE_MAX (128 * 1024) /* bytes that a peer may send before the handshake is done */

struct _WtTls {
  gnutls_session_t session;
  WtTlsCredentials *credentials;
  WtTlsConfig config;
  WtTlsInfo info;
  char *version;
  char *certificate; /* (nullable) */

  GByteArray *in; /* records that came, from in_at on not read yet */
  gsize in_at, n_handshake;
  GByteArray *out;
  GByteArray *waiting; /* (nullable) plaintext written before the handshake was done */
  char *name;          /* (nullable) whom the peer should be */
  char *problem;       /* (nullable) with the peer's certificate */
  gnutls_alert_description_t alert; /* that says so */
  guint8 *plaintext;   /* (nullable) the event's bytes: one record */
  char *failure;
  gboolean secured, over, close_wanted, closed;
};

/* --- GnuTLS's transport ------------------------------------------------------------------------------------------- */

static ssize_t
push (gnutls_transport_ptr_t transport, const void *bytes, size_t n_bytes)
{
  WtTls *self = transport;
  g_byte_array_append (self->out, bytes, n_bytes);
  return n_bytes;
}

static ssize_t
pull (gnutls_transport_ptr_t transport, void *bytes, size_t n_bytes)
{
  WtTls *self = transport;
  gsize n = MIN (n_bytes, self->in->len - self->in_at);
  if (n == 0)
    {
      gnutls_transport_set_errno (self->session, EAGAIN);
      return -1;
    }
  memcpy (bytes, self->in->data + self->in_at, n);
  self->in_at += n;
  if (self->in_at == self->in->len)
    {
      g_byte_array_set_size (self->in, 0);
      self->in_at = 0;
    }
  return n;
}

/* Nobody waits here: what is there is there. */
static int
pull_timeout (gnutls_transport_ptr_t transport, unsigned int ms)
{
  const WtTls *self = transport;
  return self->in->len > self->in_at;
}

/* --- key log ------------------------------------------------------------------------------------------------------ */

static void
append_hex (GString *line, const gnutls_datum_t *bytes)
{
  for (guint i = 0; i < bytes->size; i++)
    g_string_append_printf (line, "%02x", bytes->data[i]);
}

static int
log_key (gnutls_session_t session, const char *label, const gnutls_datum_t *secret)
{
  const WtTls *self = gnutls_session_get_ptr (session);
  gnutls_datum_t client_random, server_random;
  g_autoptr (GString) line = g_string_new (label);

  gnutls_session_get_random (session, &client_random, &server_random);
  g_string_append_c (line, ' ');
  append_hex (line, &client_random);
  g_string_append_c (line, ' ');
  append_hex (line, secret);
  self->config.key_log (line->str, self->config.key_log_data);
  return 0;
}

/* --- session ------------------------------------------------------------------------------------------------------ */

static void
fail (WtTls *self, const char *text)
{
  if (self->failure == NULL)
    self->failure = g_strdup (text);
}

static void
set_up_client (WtTls *self)
{
  const char *name = self->config.name;
  gboolean is_address = name != NULL && strspn (name, "0123456789.") == strlen (name); /* no SNI for these, RFC 6066 3 */

  if (name != NULL && *name != '\0' && !is_address)
    gnutls_server_name_set (self->session, GNUTLS_NAME_DNS, name, strlen (name));
}

int
wt_tls_on_certificate (gnutls_session_t session)
{
  WtTls *self = gnutls_session_get_ptr (session);
  if (!self->config.verify)
    return 0;
  g_free (self->problem);
  self->problem = wt_tls_verify (session, self->name, self->config.now, &self->alert);
  return self->problem != NULL ? GNUTLS_E_CERTIFICATE_ERROR : 0;
}

static void handshake (WtTls *self);

WtTls *
wt_tls_new (const WtTlsConfig *config)
{
  g_return_val_if_fail (config != NULL && config->credentials != NULL, NULL);
  WtTls *self = g_new0 (WtTls, 1);
  const char *priority = config->priority != NULL ? config->priority : PRIORITY;

  self->config = *config;
  self->credentials = wt_tls_credentials_ref (config->credentials);
  self->name = g_strdup (config->name);
  self->in = g_byte_array_new ();
  self->out = g_byte_array_new ();
  gnutls_init (&self->session, (config->server ? GNUTLS_SERVER : GNUTLS_CLIENT) | GNUTLS_NO_TICKETS);
  gnutls_session_set_ptr (self->session, self);
  if (gnutls_priority_set_direct (self->session, priority, NULL) != GNUTLS_E_SUCCESS)
    fail (self, "TLS priorities cannot be used");
  gnutls_credentials_set (self->session, GNUTLS_CRD_CERTIFICATE, self->credentials->certificates);
  gnutls_transport_set_ptr (self->session, self);
  gnutls_transport_set_push_function (self->session, push);
  gnutls_transport_set_pull_function (self->session, pull);
  gnutls_transport_set_pull_timeout_function (self->session, pull_timeout);
  gnutls_handshake_set_timeout (self->session, 0); /* time is the owner's business */
  if (config->key_log != NULL)
    gnutls_session_set_keylog_function (self->session, log_key);
  if (!config->server)
    set_up_client (self);
  if (!config->server && self->failure == NULL)
    handshake (self);
  self->config.name = NULL; /* the caller's; not needed any more */
  return self;
}

/* The peer's certificate in one line. (transfer full) (nullable) */
static char *
describe_certificate (WtTls *self)
{
  guint n_certificates = 0;
  const gnutls_datum_t *certificates = gnutls_certificate_get_peers (self->session, &n_certificates);
  gnutls_x509_crt_t certificate;
  gnutls_datum_t text = { 0 };
  char *line = NULL;
  if (certificates == NULL || n_certificates == 0 || gnutls_x509_crt_init (&certificate) != GNUTLS_E_SUCCESS)
    return NULL;
  if (gnutls_x509_crt_import (certificate, &certificates[0], GNUTLS_X509_FMT_DER) == GNUTLS_E_SUCCESS
      && gnutls_x509_crt_print (certificate, GNUTLS_CRT_PRINT_ONELINE, &text) == GNUTLS_E_SUCCESS)
    line = g_utf8_make_valid ((const char *) text.data, text.size);
  gnutls_free (text.data);
  gnutls_x509_crt_deinit (certificate);
  return line;
}

static void
take_info (WtTls *self)
{
  const char *version = gnutls_protocol_get_name (gnutls_protocol_get_version (self->session)); /* "TLS1.3" */

  self->version = g_str_has_prefix (version, "TLS") ? g_strdup_printf ("TLSv%s", version + 3) : g_strdup (version);
  self->info.version = self->version;
  self->info.cipher = gnutls_ciphersuite_get (self->session);
  self->certificate = describe_certificate (self);
  self->info.certificate = self->certificate;
  self->info.bits = gnutls_cipher_get_key_size (gnutls_cipher_get (self->session)) * 8;
}

/* Why a handshake has failed, in words that help. */
static char *
failure_text (WtTls *self, int error)
{
  if (error == GNUTLS_E_FATAL_ALERT_RECEIVED)
    return g_strdup_printf ("the peer ends TLS: %s", gnutls_alert_get_name (gnutls_alert_get (self->session)));
  if (self->problem != NULL)
    {
      g_autofree char *certificate = describe_certificate (self);
      return g_strconcat (self->problem, certificate != NULL ? "; it shows: " : NULL, certificate, NULL);
    }
  return g_strdup (gnutls_strerror (error));
}

static void
fail_with (WtTls *self, int error)
{
  g_autofree char *text = failure_text (self, error);
  if (self->problem != NULL)
    gnutls_alert_send (self->session, GNUTLS_AL_FATAL, self->alert);
  else if (error != GNUTLS_E_FATAL_ALERT_RECEIVED)
    gnutls_alert_send_appropriate (self->session, error);
  fail (self, text);
}

static void send_plaintext (WtTls *self, const guint8 *bytes, gsize n_bytes);

/* Goes on with the handshake as far as what came allows. */
static void
handshake (WtTls *self)
{
  int result;

  do
    result = gnutls_handshake (self->session);
  while (result == GNUTLS_E_INTERRUPTED || result == GNUTLS_E_WARNING_ALERT_RECEIVED
         || result == GNUTLS_E_GOT_APPLICATION_DATA);
  if (result == GNUTLS_E_AGAIN)
    return;
  if (result != GNUTLS_E_SUCCESS)
    {
      fail_with (self, result);
      return;
    }
  self->secured = TRUE;
  take_info (self);
  if (self->waiting != NULL)
    {
      send_plaintext (self, self->waiting->data, self->waiting->len);
      g_clear_pointer (&self->waiting, g_byte_array_unref);
    }
  if (self->close_wanted)
    wt_tls_close (self);
}

void
wt_tls_feed (WtTls *self, const guint8 *bytes, gsize n_bytes)
{
  g_return_if_fail (self != NULL && (bytes != NULL || n_bytes == 0));

  if (self->over || self->failure != NULL)
    return;
  g_byte_array_append (self->in, bytes, n_bytes);
  self->n_handshake += self->secured ? 0 : n_bytes;
  if (!self->secured && self->n_handshake > HANDSHAKE_MAX)
    fail (self, "the handshake is too long");
}

/* --- events ------------------------------------------------------------------------------------------------------- */

static gboolean
end (WtTls *self, WtTlsEvent *event, WtTlsEventType type)
{
  self->over = TRUE;
  *event = (WtTlsEvent){ .type = type, .text = self->failure };
  return TRUE;
}

static gboolean
receive (WtTls *self, WtTlsEvent *event)
{
  gsize left;
  ssize_t n;

  if (self->plaintext == NULL)
    self->plaintext = g_malloc (WT_TLS_RECORD_MAX);
  do
    {
      left = self->in->len - self->in_at;
      n = gnutls_record_recv (self->session, self->plaintext, WT_TLS_RECORD_MAX);
      if (n == GNUTLS_E_REHANDSHAKE) /* TLS 1.2: never again, RFC 5746's attacks need it */
        gnutls_alert_send (self->session, GNUTLS_AL_WARNING, GNUTLS_A_NO_RENEGOTIATION);
    }
  while (n == GNUTLS_E_INTERRUPTED || n == GNUTLS_E_REHANDSHAKE || n == GNUTLS_E_WARNING_ALERT_RECEIVED
         /* a session ticket (RFC 8446 4.6.1) is no data, but there may be some behind it */
         || (n == GNUTLS_E_AGAIN && self->in->len > self->in_at && self->in->len - self->in_at < left));
  if (n == GNUTLS_E_AGAIN)
    return FALSE;
  if (n > 0)
    {
      *event = (WtTlsEvent){ .type = WT_TLS_DATA, .bytes = self->plaintext, .n_bytes = n };
      return TRUE;
    }
  if (n == 0)
    return end (self, event, WT_TLS_CLOSED);
  fail_with (self, n);
  return end (self, event, WT_TLS_FAILED);
}

gboolean
wt_tls_next (WtTls *self, WtTlsEvent *event)
{
  g_return_val_if_fail (self != NULL && event != NULL, FALSE);

  if (self->over)
    return FALSE;
  if (!self->secured && self->failure == NULL)
    {
      handshake (self);
      if (self->secured)
        {
          *event = (WtTlsEvent){ .type = WT_TLS_SECURED };
          return TRUE;
        }
    }
  if (self->failure != NULL)
    return end (self, event, WT_TLS_FAILED);
  return self->secured && receive (self, event);
}

/* --- to the peer -------------------------------------------------------------------------------------------------- */

static void
send_plaintext (WtTls *self, const guint8 *bytes, gsize n_bytes)
{
  while (n_bytes > 0)
    {
      ssize_t n = gnutls_record_send (self->session, bytes, MIN (n_bytes, WT_TLS_RECORD_MAX));
      if (n == GNUTLS_E_INTERRUPTED || n == GNUTLS_E_AGAIN)
        continue; /* push() takes all: it does not happen */
      if (n <= 0)
        {
          fail (self, gnutls_strerror (n));
          return;
        }
      bytes += n;
      n_bytes -= n;
    }
}

void
wt_tls_write (WtTls *self, const guint8 *bytes, gsize n_bytes)
{
  g_return_if_fail (self != NULL && (bytes != NULL || n_bytes == 0));

  if (self->closed || self->close_wanted || self->failure != NULL || n_bytes == 0)
    return;
  if (self->secured)
    {
      send_plaintext (self, bytes, n_bytes);
      return;
    }
  if (self->waiting == NULL)
    self->waiting = g_byte_array_new ();
  g_byte_array_append (self->waiting, bytes, n_bytes);
}

void
wt_tls_close (WtTls *self)
{
  g_return_if_fail (self != NULL);

  self->close_wanted = TRUE;
  if (!self->secured || self->closed || self->failure != NULL)
    return;
  self->closed = TRUE;
  gnutls_bye (self->session, GNUTLS_SHUT_WR);
}

GBytes *
wt_tls_take (WtTls *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  if (self->out->len == 0)
    return NULL;
  GBytes *bytes = g_byte_array_free_to_bytes (self->out);
  self->out = g_byte_array_new ();
  return bytes;
}

gboolean
wt_tls_is_secured (const WtTls *self)
{
  return self->secured;
}

const WtTlsInfo *
wt_tls_info (const WtTls *self)
{
  return self->secured ? &self->info : NULL;
}

void
wt_tls_free (WtTls *self)
{
  if (self == NULL)
    return;
  gnutls_deinit (self->session);
  wt_tls_credentials_unref (self->credentials);
  g_byte_array_unref (self->in);
  g_byte_array_unref (self->out);
  g_clear_pointer (&self->waiting, g_byte_array_unref);
  g_free (self->plaintext);
  g_free (self->problem);
  g_free (self->name);
  g_free (self->version);
  g_free (self->certificate);
  g_free (self->failure);
  g_free (self);
}
