/* Is this the server that the client wants to talk to? Its certificate must be signed by somebody whom the client trusts, be
 * valid today, and bear the server's name (RFC 5280 6, RFC 6125 6). */
#include "protocols/tls/tls-private.h"

#include <glib/gi18n.h>
#include <gnutls/x509.h>
#include <time.h>

G_DEFINE_AUTO_CLEANUP_FREE_FUNC (gnutls_x509_crt_t, gnutls_x509_crt_deinit, NULL)

/* The nth certificate of the peer's chain; 0 is its own. (transfer full) (nullable) */
static gnutls_x509_crt_t
read_certificate (gnutls_session_t session, guint n)
{
  guint n_chain = 0;
  const gnutls_datum_t *chain = gnutls_certificate_get_peers (session, &n_chain);
  gnutls_x509_crt_t certificate = NULL;
  if (n >= n_chain || gnutls_certificate_type_get2 (session, GNUTLS_CTYPE_PEERS) != GNUTLS_CRT_X509)
    return NULL;
  gnutls_x509_crt_init (&certificate);
  if (gnutls_x509_crt_import (certificate, &chain[n], GNUTLS_X509_FMT_DER) == GNUTLS_E_SUCCESS)
    return certificate;
  gnutls_x509_crt_deinit (certificate);
  return NULL;
}

static char *
date_text (time_t date)
{
  g_autoptr (GDateTime) time = g_date_time_new_from_unix_utc (date);
  return time ? g_date_time_format (time, "%Y-%m-%d %H:%M UTC") : g_strdup ("?");
}

/* "smtp.example.org, 10.0.1.25": the names that a certificate is for (RFC 6125 6.4.4: the subject does not count). */
static char *
names_of (gnutls_x509_crt_t certificate)
{
  g_autoptr (GString) names = g_string_new (NULL);
  for (guint i = 0; i < 20; i++)
    {
      char name[256];
      size_t size = sizeof name - 1;
      int type = gnutls_x509_crt_get_subject_alt_name (certificate, i, name, &size, NULL);
      if (type == GNUTLS_E_REQUESTED_DATA_NOT_AVAILABLE)
        break;
      if (type != GNUTLS_SAN_DNSNAME)
        continue;
      g_autofree char *text = g_strndup (name, size);
      g_autofree char *valid = g_utf8_make_valid (text, -1);
      g_string_append_printf (names, "%s%s", names->len > 0 ? ", " : "", valid);
    }
  return g_string_free (g_steal_pointer (&names), FALSE);
}

static char *
check_dates (gnutls_session_t session, time_t now)
{
  gnutls_x509_crt_t next = NULL;
  for (guint i = 0; (next = read_certificate (session, i)) != NULL; i++)
    {
      g_auto (gnutls_x509_crt_t) certificate = next;
      time_t from = gnutls_x509_crt_get_activation_time (certificate);
      time_t until = gnutls_x509_crt_get_expiration_time (certificate);
      g_autofree char *from_text = date_text (from), *until_text = date_text (until);
      if (now > until)
        return g_strdup_printf (_ ("the server's certificate expired on %s"), until_text);
      if (now < from)
        return g_strdup_printf (_ ("the server's certificate is valid from %s only"), from_text);
    }
  return NULL;
}

static char *
wrong_name (gnutls_session_t session, const char *name)
{
  g_auto (gnutls_x509_crt_t) certificate = read_certificate (session, 0);
  g_autofree char *names = certificate ? names_of (certificate) : NULL;
  if (names != NULL && *names != '\0')
    return g_strdup_printf (_ ("the server's certificate is for %s, not for %s"), names, name);
  return g_strdup_printf (_ ("the server's certificate is not for %s"), name);
}

char *
wt_tls_verify (gnutls_session_t session, const char *name, gint64 now, gnutls_alert_description_t *alert)
{
  guint status = 0;
  *alert = GNUTLS_A_BAD_CERTIFICATE;
  if (gnutls_certificate_verify_peers3 (session, name, &status) != GNUTLS_E_SUCCESS)
    return g_strdup (_ ("the server has no certificate that can be read"));
  const guint not_signed = GNUTLS_CERT_SIGNER_NOT_FOUND | GNUTLS_CERT_SIGNATURE_FAILURE | GNUTLS_CERT_SIGNER_NOT_CA
                           | GNUTLS_CERT_SIGNER_CONSTRAINTS_FAILURE;
  guint others = status & ~(GNUTLS_CERT_INVALID | not_signed | GNUTLS_CERT_UNEXPECTED_OWNER);
  if (others == 0 && (status & not_signed))
    {
      *alert = GNUTLS_A_UNKNOWN_CA;
      return g_strdup (_ ("nobody whom the client trusts has signed the server's certificate"));
    }
  char *dates = check_dates (session, now != 0 ? (time_t)now : time (NULL));
  if (dates != NULL)
    {
      *alert = GNUTLS_A_CERTIFICATE_EXPIRED;
      return dates;
    }
  if (others == 0)
    return status & GNUTLS_CERT_UNEXPECTED_OWNER ? wrong_name (session, name) : NULL;
  gnutls_datum_t text = { 0 };
  gnutls_certificate_verification_status_print (status, GNUTLS_CRT_X509, &text, 0);
  char *copy = g_strstrip (g_strdup (text.data != NULL ? (char *)text.data : ""));
  gnutls_free (text.data);
  return copy;
}
