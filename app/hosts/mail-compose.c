#include "app/hosts/mail-compose.h"

#include "protocols/mime/mime-header.h"
#include "protocols/mime/mime-html.h"

#include <string.h>

#define FILL_LINE 72

static void
add_headers (WtMimeBuilder *builder, const WtMailDraft *draft)
{
  g_autoptr (GDateTime) date = g_date_time_new_from_unix_utc (draft->wall_time / G_USEC_PER_SEC);
  g_autofree char *date_text = date ? wt_mime_date_format (date) : NULL;
  g_autofree char *from = g_strdup_printf ("<%s>", draft->from);
  g_autofree char *id = g_strdup_printf ("<%s>", draft->message_id);
  g_autoptr (GString) to = g_string_new (NULL);
  for (const char *const *each = draft->to; *each; each++)
    g_string_append_printf (to, "%s<%s>", to->len ? ",\r\n " : "", *each);
  if (date_text)
    wt_mime_builder_add_header (builder, "Date", date_text);
  wt_mime_builder_add_header (builder, "From", from);
  wt_mime_builder_add_header (builder, "To", to->str);
  wt_mime_builder_add_text_header (builder, "Subject", draft->subject);
  wt_mime_builder_add_header (builder, "Message-ID", id);
}

/* --- text --------------------------------------------------------------------------------------------------------- */

/* Lines that say which they are, so that a missing one would be seen. */
static void
fill (GString *text, gsize size)
{
  for (guint line = 1; text->len < size; line++)
    {
      gsize start = text->len;
      g_string_append_printf (text, "line %u ", line);
      while (text->len - start < FILL_LINE)
        g_string_append_c (text, 'a' + (text->len - start) % 26);
      g_string_append (text, "\r\n");
    }
}

static void
set_text (WtMimeBuilder *builder, const WtMailDraft *draft)
{
  gboolean from_html = draft->html && *draft->text == 0;
  g_autofree char *shown = from_html ? wt_mime_html_to_text (draft->html) : g_strdup (draft->text);
  g_autoptr (GString) text = wt_mime_with_crlf (shown, strlen (shown));
  fill (text, draft->fill);
  wt_mime_builder_set_text (builder, text->str);
}

/* --- images within the text --------------------------------------------------------------------------------------- */

/* Content-IDs have the form of a Message-ID (RFC 2045 7) and are unique in the world as that is. */
static void
name_images (const WtMailDraft *draft)
{
  for (guint i = 0; draft->images && i < draft->images->len; i++)
    {
      WtMailFile *image = draft->images->pdata[i];
      g_free (image->id);
      image->id = g_strdup_printf ("image%u.%s", i + 1, draft->message_id);
    }
}

/* The writer says cid:NAME of the file; on the wire stands its Content-ID. TRUE: the HTML shows it. */
static gboolean
refer (GString *html, const WtMailFile *image)
{
  g_autofree char *written = g_strdup_printf ("cid:%s", image->name);
  g_autofree char *meant = g_strdup_printf ("cid:%s", image->id);
  gboolean found = FALSE;
  for (char *at = strstr (html->str, written); at; at = strstr (at, written))
    {
      gsize offset = at - html->str;
      char after = at[strlen (written)];
      if (after && strchr ("\"' >)", after))
        {
          g_string_erase (html, offset, strlen (written));
          g_string_insert (html, offset, meant);
          found = TRUE;
        }
      at = html->str + offset + strlen ("cid:");
    }
  return found;
}

/* An image that the HTML does not name comes last. */
static void
append_image (GString *html, const WtMailFile *image)
{
  g_autofree char *name = g_markup_escape_text (image->name, -1);
  g_autofree char *tag = g_strdup_printf ("<p><img src=\"cid:%s\" alt=\"%s\"></p>\n", image->id, name);
  const char *end = strstr (html->str, "</body>");
  g_string_insert (html, end ? end - html->str : -1, tag);
}

/* Images need HTML to be shown in: without one it is made from the text. */
static void
set_html (WtMimeBuilder *builder, const WtMailDraft *draft)
{
  guint n_images = draft->images ? draft->images->len : 0;
  if (draft->html == NULL && n_images == 0)
    return;
  g_autofree char *made = draft->html ? g_strdup (draft->html) : wt_mime_text_to_html (draft->text, NULL);
  g_autoptr (GString) html = g_string_new (made);
  for (guint i = 0; i < n_images; i++)
    if (!refer (html, draft->images->pdata[i]))
      append_image (html, draft->images->pdata[i]);
  wt_mime_builder_set_html (builder, html->str);
}

static void
add_files (WtMimeBuilder *builder, const GPtrArray *files, void (*add) (WtMimeBuilder *, const WtMimeFile *))
{
  for (guint i = 0; files && i < files->len; i++)
    {
      const WtMailFile *file = files->pdata[i];
      add (builder, &(WtMimeFile){ file->content_type, file->name, file->id, file->bytes });
    }
}

GBytes *
wt_mail_compose (const WtMailDraft *draft)
{
  g_autoptr (WtMimeBuilder) builder = wt_mime_builder_new (draft->message_id);
  add_headers (builder, draft);
  set_text (builder, draft);
  name_images (draft);
  set_html (builder, draft);
  add_files (builder, draft->images, wt_mime_builder_add_inline);
  add_files (builder, draft->attachments, wt_mime_builder_add_attachment);
  return wt_mime_builder_build (builder);
}
