/* Parser of what a client sends: the formal syntax of commands (RFC 9051 9, RFC 3501 9) over a whole command with its
 * literals. A cursor; each call takes one element and returns FALSE, with self->error set, when it is not there.
 * Nothing is copied but strings that are asked for; nothing recurses deeper than WT_IMAP_DEPTH_MAX. */
#pragma once

#include "protocols/imap/imap-set.h"
#include "protocols/imap/imap-types.h"

typedef struct
{
  const guint8 *bytes;
  gsize n_bytes; /* without the last CRLF */
  gsize at;
  gboolean utf8;     /* names and strings may be UTF-8 in quotes (RFC 9051, RFC 6855) */
  const char *error; /* (nullable) what was wrong, for BAD */
} WtImapParser;

gboolean wt_imap_parser_fail (WtImapParser *self, const char *error); /* FALSE; the first error stays */
gboolean wt_imap_parser_at_end (const WtImapParser *self);
gboolean wt_imap_parser_end (WtImapParser *self);            /* error: something follows */
gboolean wt_imap_parser_space (WtImapParser *self);          /* exactly one */
int wt_imap_parser_peek (const WtImapParser *self);          /* -1 at the end */
gboolean wt_imap_parser_accept (WtImapParser *self, char c); /* no error when it is not there */
gboolean wt_imap_parser_expect (WtImapParser *self, char c);
/* A word is there, any case, and no atom character follows: takes it. No error when it is not. */
gboolean wt_imap_parser_word (WtImapParser *self, const char *word);

/* Borrowed from the command. */
gboolean wt_imap_parser_tag (WtImapParser *self, const char **tag, gsize *n_bytes);
gboolean wt_imap_parser_atom (WtImapParser *self, const char **atom, gsize *n_bytes);
/* (transfer full): upper case copy of an atom. */
char *wt_imap_parser_verb (WtImapParser *self);
gboolean wt_imap_parser_number (WtImapParser *self, guint32 *number);
gboolean wt_imap_parser_nz_number (WtImapParser *self, guint32 *number);
gboolean wt_imap_parser_number64 (WtImapParser *self, guint64 *number);
/* (transfer full): GByteArrays would do; strings without NUL are what commands may hold. */
gboolean wt_imap_parser_string (WtImapParser *self, char **string); /* quoted or literal */
gboolean wt_imap_parser_astring (WtImapParser *self, char **string);
gboolean wt_imap_parser_nstring (WtImapParser *self, char **string); /* NIL: NULL */
/* astring or list-mailbox, with the wildcards % and * in atoms too. */
gboolean wt_imap_parser_list_mailbox (WtImapParser *self, char **string);
/* A mailbox name as UTF-8; INBOX in upper case. */
gboolean wt_imap_parser_mailbox (WtImapParser *self, char **name);
/* A literal or literal8; borrowed. */
gboolean wt_imap_parser_literal (WtImapParser *self, const guint8 **bytes, gsize *n_bytes, gboolean *binary);
gboolean wt_imap_parser_set (WtImapParser *self, WtImapSet *set); /* sequence-set, or "$" (RFC 9051 6.4.4.1) */
/* (\Seen $Forwarded): system flags and keywords. `bare`: without parentheses too, as STORE has it. */
gboolean wt_imap_parser_flags (WtImapParser *self, gboolean bare, guint32 *flags, GPtrArray *keywords);
gboolean wt_imap_parser_date_time (WtImapParser *self, gint64 *seconds); /* "17-Jul-1996 02:44:25 -0700" */
gboolean wt_imap_parser_date (WtImapParser *self,
                              gint64 *day); /* 1-Feb-1994, with or without quotes: days since 1970 */
