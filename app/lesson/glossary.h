/* The glossary: short explanations of commands, reply codes, headers, states, with their RFC sections.
 * lessons/glossary/NAME.LANG.md: "## KEY" headings ("## smtp.command.MAIL"), a title line in bold, one or two
 * sentences, and a last line "RFC 5321 4.1.1.2". Read with cmark. */
#pragma once

#include <glib.h>

typedef struct {
  const char *key;   /* "smtp.reply.250" */
  const char *title; /* "Requested mail action okay, completed" */
  const char *text;  /* plain text, one paragraph */
  const char *rfc;   /* (nullable) "RFC 5321 4.2.3" */
} WtGlossaryEntry;

typedef struct _WtGlossary WtGlossary;
/* The program's glossary in that language ("de", "en"), English where an entry is missing. Never NULL. */
WtGlossary *wt_glossary_new (const char *dir, const char *language);
const WtGlossaryEntry *wt_glossary_find (WtGlossary *self, const char *key); /* (nullable) */
void wt_glossary_free (WtGlossary *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (WtGlossary, wt_glossary_free)
