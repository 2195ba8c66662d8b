/* What is kept of mails: its bounds, and that a FETCH out of it says what one out of the mail says. */
#include "imap-owner.h"

#include <string.h>

static const guint8 text[WT_IMAP_CACHED_MAX + 1] = { 'x' };

static void
test_bounds (void)
{
  g_autoptr (WtImapCache) cache = wt_imap_cache_new (10 * 1024);
  for (guint uid = 1; uid <= 100; uid++)
    {
      wt_imap_cache_put (cache, 1, uid, WT_IMAP_CACHED_HEADER, text, 1000);
      g_assert_nonnull (wt_imap_cache_get (cache, 1, 1, WT_IMAP_CACHED_HEADER)); /* used all the time */
      g_assert_cmpuint (wt_imap_cache_size (cache), <=, 10 * 1024);
    }
  g_assert_nonnull (wt_imap_cache_get (cache, 1, 100, WT_IMAP_CACHED_HEADER));
  g_assert_null (wt_imap_cache_get (cache, 1, 50, WT_IMAP_CACHED_HEADER));
}

static void
test_keys (void)
{
  g_autoptr (WtImapCache) cache = wt_imap_cache_new (WT_IMAP_CACHE_MAX);
  wt_imap_cache_put (cache, 1, 2, WT_IMAP_CACHED_BODY, (const guint8 *)"one", 3);
  wt_imap_cache_put (cache, 1, 2, WT_IMAP_CACHED_BODY, (const guint8 *)"two", 3);
  wt_imap_cache_put (cache, 1, 3, WT_IMAP_CACHED_BODY, text, sizeof text);
  g_assert_cmpmem (g_bytes_get_data (wt_imap_cache_get (cache, 1, 2, WT_IMAP_CACHED_BODY), NULL), 3, "one", 3);
  g_assert_null (wt_imap_cache_get (cache, 1, 3, WT_IMAP_CACHED_BODY)); /* too large */
  g_assert_null (wt_imap_cache_get (cache, 2, 1, WT_IMAP_CACHED_BODY));
  g_assert_null (wt_imap_cache_get (cache, 1, 2, WT_IMAP_CACHED_BODYSTRUCTURE));
}

static const struct
{
  const char *items;
  guint n_read; /* of three mails, when it is asked for the second time */
} fetches[] = {
  { "ENVELOPE", 0 },
  { "BODY", 0 },
  { "BODYSTRUCTURE", 0 },
  { "(FLAGS ENVELOPE BODYSTRUCTURE RFC822.SIZE)", 0 },
  { "BODY.PEEK[HEADER]", 0 },
  { "BODY.PEEK[HEADER]<5.20>", 0 },
  { "RFC822.HEADER", 0 },
  { "BODY.PEEK[HEADER.FIELDS (SUBJECT From)]", 0 },
  { "(UID BODY.PEEK[HEADER.FIELDS.NOT (SUBJECT)] BODY.PEEK[HEADER.FIELDS (To)])", 0 },
  { "BODY.PEEK[]", 3 },
  { "BODY.PEEK[1]", 3 },
  { "BODY.PEEK[1.MIME]", 3 },
  { "BODY.PEEK[TEXT]", 3 },
  { "(ENVELOPE BODY.PEEK[TEXT])", 3 },
};

static char *
fetch (ImapSession *session, const char *items)
{
  g_autofree char *line = g_strdup_printf ("f FETCH 1:* %s\r\n", items);
  g_autoptr (GString) said = g_string_new (NULL);
  imap_session_feed (session, line, strlen (line), said);
  g_assert_nonnull (strstr (said->str, "f OK "));
  return g_string_free (g_steal_pointer (&said), FALSE);
}

static ImapSession *
begin (ImapOwner *owner, WtImapCache *cache)
{
  static const char login[] = "a LOGIN alice secret\r\nb EXAMINE INBOX\r\n";
  WtImapServerConfig config;
  wt_imap_server_config_defaults (&config);
  config.cache = cache;
  ImapSession *session = imap_session_new (owner, &config);
  imap_session_feed (session, login, strlen (login), NULL);
  return session;
}

static void
test_fetch (gconstpointer data)
{
  guint i = GPOINTER_TO_UINT (data);
  g_autoptr (WtImapCache) cache = wt_imap_cache_new (WT_IMAP_CACHE_MAX);
  ImapOwner *owner = imap_owner_new ();
  ImapSession *plain = begin (owner, NULL), *first = begin (owner, cache), *second = begin (owner, cache);
  g_autofree char *right = fetch (plain, fetches[i].items), *cold = fetch (first, fetches[i].items);
  guint n_read = imap_owner_n_read (owner);
  g_autofree char *warm = fetch (second, fetches[i].items);
  g_assert_cmpuint (n_read, ==, 6);
  g_assert_cmpuint (imap_owner_n_read (owner) - n_read, ==, fetches[i].n_read);
  g_assert_cmpstr (cold, ==, right);
  g_assert_cmpstr (warm, ==, right);
  imap_session_free (plain);
  imap_session_free (first);
  imap_session_free (second);
  imap_owner_free (owner);
}

/* Mails that are kept and mails that are not, in one FETCH: in their order. */
static void
test_mixed (void)
{
  g_autoptr (WtImapCache) cache = wt_imap_cache_new (WT_IMAP_CACHE_MAX);
  ImapOwner *owner = imap_owner_new ();
  ImapSession *plain = begin (owner, NULL), *session = begin (owner, cache);
  static const char one[] = "m FETCH 2 ENVELOPE\r\n";
  imap_session_feed (session, one, strlen (one), NULL);
  guint n_read = imap_owner_n_read (owner);
  g_autofree char *said = fetch (session, "ENVELOPE");
  g_assert_cmpuint (imap_owner_n_read (owner) - n_read, ==, 2);
  g_autofree char *right = fetch (plain, "ENVELOPE");
  g_assert_cmpstr (said, ==, right);
  imap_session_free (plain);
  imap_session_free (session);
  imap_owner_free (owner);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/imap-cache/bounds", test_bounds);
  g_test_add_func ("/imap-cache/keys", test_keys);
  g_test_add_func ("/imap-cache/mixed", test_mixed);
  for (guint i = 0; i < G_N_ELEMENTS (fetches); i++)
    {
      g_autofree char *path = g_strconcat ("/imap-cache/", fetches[i].items, NULL);
      g_test_add_data_func (path, GUINT_TO_POINTER (i), test_fetch);
    }
  return g_test_run ();
}
