/* What is blanked in a dialogue, fed whole, in pieces of three bytes and byte by byte. */
#include "protocols/base/dissector.h"

#include <string.h>

typedef struct {
  const char *name;
  const char *protocol;
  const char *turns[12]; /* "C: ..." or "S: ..."; NULL: the end */
  const char *shown;     /* what the client said, blanked */
  const char *server;    /* (nullable) what the server said; NULL: nothing of it is a secret */
} Dialogue;

static const Dialogue dialogues[] = {
  { "smtp-initial", "smtp", { "S:220 x\r\n", "C:AUTH PLAIN AGEAYg==\r\n", "S:235 ok\r\n", "C:MAIL FROM:<a@b>\r\n" },
    "AUTH PLAIN ********\r\nMAIL FROM:<a@b>\r\n" },
  { "smtp-challenge", "smtp",
    { "S:220 x\r\n", "C:auth login\r\n", "S:334 VXNlcg==\r\n", "C:YQ==\r\n", "S:334 UGFzcw==\r\n", "C:Yg==\r\n", "S:535 no\r\n",
      "C:NOOP abc\r\n" },
    "auth login\r\n****\r\n****\r\nNOOP abc\r\n" },
  { "smtp-scram", "smtp",
    { "S:220 x\r\n", "C:AUTH SCRAM-SHA-1 bixh\r\n", "S:334 cj1hYg==\r\n", "C:Yz1i\r\n", "S:334 dj1hYmM=\r\n", "C:\r\n", "S:235 ok\r\n" },
    "AUTH SCRAM-SHA-1 ****\r\n****\r\n\r\n",
    "220 x\r\n334 cj1hYg==\r\n334 ********\r\n235 ok\r\n" },
  { "pop-scram", "pop",
    { "S:+OK x\r\n", "C:AUTH SCRAM-SHA-1 bixh\r\n", "S:+ dj1hYmM=\r\n", "C:\r\n", "S:+OK dj1hYmM= no\r\n" },
    "AUTH SCRAM-SHA-1 ****\r\n\r\n",
    "+OK x\r\n+ ********\r\n+OK ***********\r\n" },
  { "imap-scram", "imap",
    { "S:* OK\r\n", "C:a AUTHENTICATE SCRAM-SHA-1\r\n", "S:+ dj1hYmM=\r\n", "C:\r\n", "S:a OK\r\n" },
    "a AUTHENTICATE SCRAM-SHA-1\r\n\r\n",
    "* OK\r\n+ ********\r\na OK\r\n" },
  { "smtp-impatient", "smtp", { "S:220 x\r\n", "C:NOOP\r\nAUTH LOGIN\r\nYQ==\r\nYg==\r\n", "S:250 ok\r\n", "S:334 a\r\n" },
    "NOOP\r\nAUTH LOGIN\r\n****\r\n****\r\n" },
  { "smtp-unheeding", "smtp",
    { "S:220 x\r\n", "C:HLEO\r\n", "S:500 x\r\n", "C:AUTH LOGIN\r\n", "S:530 x\r\n", "C:YQ==\r\n", "S:500 x\r\n", "C:c2VjcmV0 \r\n",
      "S:500 x\r\n", "C:quit \r\n" },
    "HLEO\r\nAUTH LOGIN\r\n****\r\n******** \r\nquit \r\n" },
  { "pop-unheeding", "pop",
    { "S:+OK\r\n", "C:AUTH PLAIN\r\n", "S:-ERR x\r\n", "C:AGEAYg==\r\n", "S:-ERR x\r\n", "C:STAT\r\n", "S:-ERR x\r\n", "C:PASS b\r\n" },
    "AUTH PLAIN\r\n********\r\nSTAT\r\nPASS *\r\n" },
  { "imap-unheeding", "imap",
    { "S:* OK\r\n", "C:a AUTHENTICATE PLAIN\r\n", "S:a NO x\r\n", "C:AGEAYg==\r\n", "S:* OK x\r\n", "S:AGEAYg== BAD x\r\n", "C:b NOOP\r\n",
      "S:b OK x\r\n" },
    "a AUTHENTICATE PLAIN\r\n********\r\nb NOOP\r\n",
    "* OK\r\na NO x\r\n* OK x\r\n******** BAD x\r\nb OK x\r\n" },
  { "imap-no-tag", "imap", { "S:* OK\r\n", "C:LOGIN alice secret\r\n", "S:LOGIN BAD x\r\n" }, "LOGIN alice ******\r\n" },
  { "smtp-abort", "smtp", { "S:220 x\r\n", "C:AUTH PLAIN =\r\n", "S:334 \r\n", "C:*\r\n", "S:501 x\r\n", "C:HELP\r\n" },
    "AUTH PLAIN =\r\n*\r\nHELP\r\n" },
  { "smtp-mail", "smtp", { "S:220 x\r\n", "C:DATA\r\n", "S:354 go\r\n", "C:AUTH PLAIN x\r\nPASS y\r\n.\r\n", "S:250 ok\r\n" },
    "DATA\r\nAUTH PLAIN x\r\nPASS y\r\n.\r\n" },
  { "pop-pass", "pop", { "S:+OK\r\n", "C:USER a\r\n", "S:+OK\r\n", "C:pass my word \r\n", "S:+OK\r\n" },
    "USER a\r\npass ********\r\n" },
  { "pop-pipelined", "pop", { "S:+OK\r\n", "C:USER a\r\nPASS b\r\nSTAT\r\n" }, "USER a\r\nPASS *\r\nSTAT\r\n" },
  { "pop-apop", "pop", { "S:+OK <1@x>\r\n", "C:APOP alice c4c9334b\r\n" }, "APOP alice ********\r\n" },
  { "pop-auth", "pop",
    { "S:+OK\r\n", "C:AUTH CRAM-MD5\r\n", "S:+ PDE+\r\n", "C:YWxpY2U=\r\n", "S:+OK\r\n", "C:AUTH PLAIN AGEAYg==\r\n", "S:-ERR\r\n",
      "C:QUIT\r\n" },
    "AUTH CRAM-MD5\r\n********\r\nAUTH PLAIN ********\r\nQUIT\r\n" },
  { "pop-unfinished", "pop", { "S:+OK\r\n", "C:PASS sec" }, "PASS ***" },
  { "imap-uid-login", "imap", { "S:* OK\r\n", "C:a UID LOGIN alice secret\r\n", "S:a BAD x\r\n" }, "a UID LOGIN alice ******\r\n" },
  { "imap-atoms", "imap", { "S:* OK\r\n", "C:a LOGIN alice secret\r\n", "S:a OK\r\n" }, "a LOGIN alice ******\r\n" },
  { "imap-quoted", "imap", { "S:* OK\r\n", "C:a login \"al ice\" \"se\\\"c et\"\r\n" }, "a login \"al ice\" \"********\"\r\n" },
  { "imap-broken-quote", "imap", { "S:* OK\r\n", "C:a LOGIN alice \"secret word\r\n" }, "a LOGIN alice ************\r\n" },
  { "imap-too-many", "imap", { "S:* OK\r\n", "C:a LOGIN alice pass word\r\n" }, "a LOGIN alice *********\r\n" },
  { "imap-literals", "imap",
    { "S:* OK\r\n", "C:a LOGIN {5}\r\n", "S:+ go\r\n", "C:al ce {6}\r\n", "S:+ go\r\n", "C:s\r\net!\r\n", "S:a OK\r\n", "C:b NOOP\r\n" },
    "a LOGIN {5}\r\nal ce {6}\r\n*\r\n***\r\nb NOOP\r\n" },
  { "imap-literal-plus", "imap", { "S:* OK\r\n", "C:a LOGIN {5+}\r\nalice {6+}\r\nsecret\r\nb NOOP\r\n" },
    "a LOGIN {5+}\r\nalice {6+}\r\n******\r\nb NOOP\r\n" },
  { "imap-mixed", "imap", { "S:* OK\r\n", "C:a LOGIN alice {6}\r\n", "S:+ go\r\n", "C:secret\r\n" },
    "a LOGIN alice {6}\r\n******\r\n" },
  { "imap-literal-refused", "imap", { "S:* OK\r\n", "C:a LOGIN alice {6}\r\nsecret\r\n", "S:a BAD no\r\n" },
    "a LOGIN alice {6}\r\n******\r\n" },
  { "imap-authenticate", "imap",
    { "S:* OK\r\n", "C:a AUTHENTICATE PLAIN\r\n", "S:+ \r\n", "C:AGEAYg==\r\n", "S:a OK\r\n", "C:b AUTHENTICATE PLAIN AGEAYg==\r\n" },
    "a AUTHENTICATE PLAIN\r\n********\r\nb AUTHENTICATE PLAIN ********\r\n" },
  { "imap-impatient", "imap", { "S:* OK\r\n", "C:a AUTHENTICATE PLAIN\r\nAGEAYg==\r\n", "S:a NO\r\n", "C:b NOOP\r\n" },
    "a AUTHENTICATE PLAIN\r\n********\r\nb NOOP\r\n" },
  { "imap-idle", "imap", { "S:* OK\r\n", "C:a IDLE\r\n", "S:+ \r\n", "C:DONE\r\n", "S:a OK\r\n" }, "a IDLE\r\nDONE\r\n" },
  { "imap-append", "imap",
    { "S:* OK\r\n", "C:a APPEND INBOX {14}\r\n", "S:+ go\r\n", "C:a LOGIN b c\r\n\r\n\r\n", "S:a OK\r\n" },
    "a APPEND INBOX {14}\r\na LOGIN b c\r\n\r\n\r\n" },
};

typedef struct {
  const WtDissector *dissector;
  WtSecretState state;
  GByteArray *said[2];
  GString *shown[2];
} Run;

static GBytes *
blank (const WtDissector *dissector, WtSecretState *state, WtDirection direction, guint8 context, GBytes *message)
{
  WtSecret secret;
  gsize size;
  const guint8 *bytes = g_bytes_get_data (message, &size);
  gboolean any = dissector->secret (state, direction, context, bytes, size, &secret);
  g_assert_cmpint (any, ==, secret.end > secret.start);
  return wt_secret_blank (message, &secret);
}

static void
on_span (const WtMessageSpan *span, gpointer user_data)
{
  Run *self = user_data;
  g_autoptr (GBytes) message = g_bytes_new (self->said[span->direction]->data + span->start, span->end - span->start);
  g_autoptr (GBytes) blanked = blank (self->dissector, &self->state, span->direction, span->context, message);
  g_assert_cmpuint (g_bytes_get_size (blanked), ==, g_bytes_get_size (message));
  g_string_append_len (self->shown[span->direction], g_bytes_get_data (blanked, NULL), g_bytes_get_size (blanked));
}

static void
feed (Run *self, gpointer stream, const char *turn, gsize step)
{
  WtDirection direction = turn[0] == 'C' ? WT_TO_SERVER : WT_TO_CLIENT;
  gsize length = strlen (turn + 2);
  for (gsize at = 0; at < length; at += step)
    {
      const guint8 *bytes = (const guint8 *) turn + 2 + at;
      g_byte_array_append (self->said[direction], bytes, MIN (step, length - at));
      self->dissector->stream_feed (stream, direction, bytes, MIN (step, length - at));
    }
}

static void
play (const Dialogue *dialogue, gsize step)
{
  Run self = { .dissector = wt_dissector_by_name (dialogue->protocol) };
  for (guint i = 0; i < 2; i++)
    {
      self.said[i] = g_byte_array_new ();
      self.shown[i] = g_string_new (NULL);
    }
  gpointer stream = self.dissector->stream_new (on_span, &self);
  for (guint i = 0; dialogue->turns[i]; i++)
    feed (&self, stream, dialogue->turns[i], step);
  self.dissector->stream_end (stream);
  self.dissector->stream_free (stream);
  g_assert_cmpstr (self.shown[WT_TO_SERVER]->str, ==, dialogue->shown);
  if (dialogue->server)
    g_assert_cmpstr (self.shown[WT_TO_CLIENT]->str, ==, dialogue->server);
  else
    g_assert_cmpmem (self.shown[WT_TO_CLIENT]->str, self.shown[WT_TO_CLIENT]->len, self.said[WT_TO_CLIENT]->data,
                     self.said[WT_TO_CLIENT]->len);
  for (guint i = 0; i < 2; i++)
    {
      g_byte_array_unref (self.said[i]);
      g_string_free (self.shown[i], TRUE);
    }
}

static void
test_dialogue (gconstpointer data)
{
  const gsize steps[] = { 1000, 3, 1 };
  for (guint i = 0; i < G_N_ELEMENTS (steps); i++)
    play (data, steps[i]);
}

/* --- SNMP --------------------------------------------------------------------------------------------------------- */

#define V2C_GET(community) \
  "\x30\x26\x02\x01\x01\x04\x06" community "\xa0\x19\x02\x01\x01\x02\x01\x00\x02\x01\x00\x30\x0e\x30\x0c\x06\x08" \
  "\x2b\x06\x01\x02\x01\x01\x03\x00\x05\x00"

static const struct {
  const char *name;
  const char *bytes, *shown;
  gsize n_bytes;
} datagrams[] = {
  { "community", V2C_GET ("public"), V2C_GET ("******"), sizeof V2C_GET ("public") - 1 },
  { "version-3", "\x30\x06\x02\x01\x03\x04\x01\x61", "\x30\x06\x02\x01\x03\x04\x01\x61", 8 },
  { "cut-short", "\x30\x26\x02\x01\x01\x04\x06publ", "***********", 11 },
};

static void
test_datagram (gconstpointer data)
{
  guint i = GPOINTER_TO_UINT (data);
  WtSecretState state = { 0 };
  g_autoptr (GBytes) message = g_bytes_new (datagrams[i].bytes, datagrams[i].n_bytes);
  g_autoptr (GBytes) blanked
      = blank (wt_dissector_for (WT_PROTOCOL_SNMP), &state, WT_TO_SERVER, WT_CONTEXT_PLAIN, message);
  g_assert_cmpmem (g_bytes_get_data (blanked, NULL), g_bytes_get_size (blanked), datagrams[i].shown, datagrams[i].n_bytes);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  for (guint i = 0; i < G_N_ELEMENTS (dialogues); i++)
    {
      g_autofree char *path = g_strconcat ("/secrets/", dialogues[i].name, NULL);
      g_test_add_data_func (path, &dialogues[i], test_dialogue);
    }
  for (guint i = 0; i < G_N_ELEMENTS (datagrams); i++)
    {
      g_autofree char *path = g_strconcat ("/secrets/snmp-", datagrams[i].name, NULL);
      g_test_add_data_func (path, GUINT_TO_POINTER (i), test_datagram);
    }
  return g_test_run ();
}
