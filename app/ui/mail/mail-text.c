#include "app/ui/mail/mail-text.h"

#include "protocols/base/dot-text.h"
#include "protocols/mime/mime-charset.h"
#include "protocols/mime/mime-html.h"
#include "protocols/smtp/smtp-types.h"

#include <glib/gi18n.h>
#include <string.h>

#define PARTS_MAX 100 /* of a mail that are read out; what more there is is counted */

/* --- headers ------------------------------------------------------------------------------------------------------ */

static const guint8 *
value_of (const WtMimeMessage *message, const WtMimePart *part, const char *name, gsize *length)
{
  const WtMimeHeader *header = wt_mime_part_header (message, part, name);

  if (!header)
    return NULL;
  *length = header->value_end - header->value_start;
  return (const guint8 *) g_bytes_get_data (message->bytes, NULL) + header->value_start;
}

static char *
addresses_text (const guint8 *value, gsize length)
{
  g_autoptr (GPtrArray) addresses = wt_mime_addresses_parse (value, length);
  g_autoptr (GString) text = g_string_new (NULL);

  for (guint i = 0; i < addresses->len; i++)
    {
      const WtMimeAddress *address = addresses->pdata[i];

      if (address->name && *address->name)
        g_string_append_printf (text, "%s%s <%s>", i ? ", " : "", address->name, address->mailbox);
      else
        g_string_append_printf (text, "%s%s", i ? ", " : "", address->mailbox);
    }
  return text->len ? g_string_free (g_steal_pointer (&text), FALSE) : wt_mime_decode_text (value, length);
}

static char *
date_text (const guint8 *value, gsize length)
{
  g_autoptr (GDateTime) date = wt_mime_date_parse (value, length);
  /* Translators: date and time of a mail with its time zone, see g_date_time_format(). */
  return date ? g_date_time_format (date, _("%A, %-d %B %Y, %H:%M:%S %z")) : wt_mime_decode_text (value, length);
}

char *
wt_mail_header (const WtMimeMessage *message, const WtMimePart *part, const char *name)
{
  static const char *const with_addresses[] = { "From", "Sender", "Reply-To", "To", "Cc", "Bcc", NULL };
  gsize length;
  const guint8 *value = value_of (message, part, name, &length);

  if (!value)
    return NULL;
  if (g_strv_contains (with_addresses, name))
    return addresses_text (value, length);
  return g_str_equal (name, "Date") ? date_text (value, length) : wt_mime_decode_text (value, length);
}

static char *
first_sender (const WtMimeMessage *message)
{
  gsize length;
  const guint8 *value = value_of (message, message->root, "From", &length);
  g_autoptr (GPtrArray) addresses = value ? wt_mime_addresses_parse (value, length) : NULL;
  const WtMimeAddress *first = addresses && addresses->len ? addresses->pdata[0] : NULL;

  if (!first)
    return g_strdup ("");
  return g_strdup (first->name && *first->name ? first->name : first->mailbox);
}

WtMailSummary *
wt_mail_summary_new (GBytes *mail)
{
  WtMailSummary *self = g_new0 (WtMailSummary, 1);
  g_autoptr (GBytes) head = g_bytes_new_from_bytes (mail, 0, MIN (g_bytes_get_size (mail), WT_MAIL_SUMMARY_BYTES));
  g_autoptr (WtMimeMessage) message = wt_mime_message_parse (head);
  gsize length;
  const guint8 *date = value_of (message, message->root, "Date", &length);

  self->from = first_sender (message);
  self->date = date ? wt_mime_date_parse (date, length) : NULL;
  self->subject = wt_mime_part_header_text (message, message->root, "Subject");
  if (!self->subject)
    self->subject = g_strdup ("");
  self->size = g_bytes_get_size (mail);
  return self;
}

void
wt_mail_summary_free (WtMailSummary *self)
{
  if (!self)
    return;
  g_free (self->from);
  g_free (self->subject);
  g_clear_pointer (&self->date, g_date_time_unref);
  g_free (self);
}

/* --- parts -------------------------------------------------------------------------------------------------------- */

gboolean
wt_mail_part_is_image (const WtMimePart *part)
{
  return g_str_has_prefix (part->content_type, "image/") && !part->parts;
}

GBytes *
wt_mail_part_content (const WtMimeMessage *message, const WtMimePart *part)
{
  return g_byte_array_free_to_bytes (wt_mime_part_decode (message, part, NULL));
}

static void
count_piece (const guint8 *bytes, gsize n_bytes, gpointer user_data)
{
  *(gsize *) user_data += n_bytes;
}

char *
wt_mail_part_describe (const WtMimeMessage *message, const WtMimePart *part)
{
  const guint8 *bytes = g_bytes_get_data (message->bytes, NULL);
  gsize length = 0;
  g_autofree char *size = NULL;

  wt_mime_decode_pieces (part->parts ? WT_MIME_ENCODING_BINARY : part->encoding, bytes + part->body_start,
                         part->body_end - part->body_start, count_piece, &length, NULL);
  size = g_format_size (length);
  return g_strdup_printf ("%s, %s", part->content_type, size);
}

char *
wt_mail_part_file_name (const WtMimePart *part)
{
  g_autofree char *name = g_path_get_basename (part->filename && *part->filename ? part->filename : "-");
  const char *start = strrchr (name, '\\'); /* as Windows writes folders */

  start = start ? start + 1 : name;
  for (char *c = name; *c; c++)
    if (g_ascii_iscntrl (*c))
      *c = '_';
  if (*start == '\0' || *start == '-' || g_str_equal (start, "/"))
    return g_strdup (_("attachment"));
  return *start == '.' ? g_strconcat ("_", start, NULL) : g_strdup (start);
}

/* --- text --------------------------------------------------------------------------------------------------------- */

typedef struct {
  const WtMimeMessage *message;
  GString *text;
  GPtrArray *attachments;
  guint n_parts;
} Reader;

static void read_part (Reader *reader, const WtMimePart *part);

/* What a person reads of a text part: of HTML its text. */
static char *
part_text (const WtMimeMessage *message, const WtMimePart *part)
{
  char *text = wt_mime_part_text (message, part, NULL);
  g_autofree char *html = NULL;

  if (!g_str_equal (part->content_type, "text/html"))
    return text;
  html = text;
  return wt_mime_html_to_text (html);
}

static void
add_text (Reader *reader, const WtMimePart *part)
{
  g_autofree char *text = part_text (reader->message, part);

  if (reader->text->len && reader->text->str[reader->text->len - 1] != '\n')
    g_string_append_c (reader->text, '\n');
  if (reader->text->len)
    g_string_append_c (reader->text, '\n');
  g_string_append (reader->text, text);
}

/* A mail within the mail: who wrote it about what, then its text. */
static void
add_message (Reader *reader, const WtMimePart *part)
{
  static const char *const names[] = { "From", "To", "Date", "Subject" };

  if (reader->text->len)
    g_string_append_c (reader->text, '\n');
  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    {
      g_autofree char *value = wt_mail_header (reader->message, part, names[i]);

      if (value)
        g_string_append_printf (reader->text, "%s: %s\n", names[i], value);
    }
  read_part (reader, part);
}

/* The plain one of the alternatives, else the last, which is the best (RFC 2046 5.1.4). Images of the HTML that is not read
 * are shown all the same. */
static const WtMimePart *
alternative_to_read (const WtMimePart *part)
{
  for (guint i = 0; i < part->parts->len; i++)
    {
      const WtMimePart *child = part->parts->pdata[i];

      if (g_str_equal (child->content_type, "text/plain"))
        return child;
    }
  return part->parts->pdata[part->parts->len - 1];
}

static void
add_images (Reader *reader, const WtMimePart *part)
{
  for (guint i = 0; part->parts && i < part->parts->len; i++)
    add_images (reader, part->parts->pdata[i]);
  if (wt_mail_part_is_image (part))
    g_ptr_array_add (reader->attachments, (gpointer) part);
}

static void
read_parts (Reader *reader, const WtMimePart *part)
{
  gboolean wrapped = g_str_has_prefix (part->content_type, "message/");

  for (guint i = 0; i < part->parts->len; i++)
    if (wrapped)
      add_message (reader, part->parts->pdata[i]);
    else
      read_part (reader, part->parts->pdata[i]);
}

static void
read_part (Reader *reader, const WtMimePart *part)
{
  gboolean readable = g_str_has_prefix (part->content_type, "text/")
                      || g_str_equal (part->content_type, "message/delivery-status")
                      || g_str_equal (part->content_type, "text/rfc822-headers");

  if (++reader->n_parts > PARTS_MAX)
    return;
  if (part->parts && part->parts->len && g_str_equal (part->content_type, "multipart/alternative"))
    {
      const WtMimePart *best = alternative_to_read (part);

      read_part (reader, best);
      for (guint i = 0; i < part->parts->len; i++)
        if (part->parts->pdata[i] != best)
          add_images (reader, part->parts->pdata[i]);
    }
  else if (part->parts && part->parts->len)
    read_parts (reader, part);
  else if (readable && g_strcmp0 (part->disposition, "attachment") != 0)
    add_text (reader, part);
  else
    g_ptr_array_add (reader->attachments, (gpointer) part);
}

static char *
and_more (char *text, gsize n_more)
{
  g_autofree char *beginning = text, *size = g_format_size (n_more);

  return g_strdup_printf (_("%s\n\n[%s more are not shown]"), beginning, size);
}

/* Cuts at a character's end, and says that there is more. */
char *
wt_mail_shorten (char *text)
{
  gsize length = strlen (text), end = WT_MAIL_TEXT_MAX;

  if (length <= WT_MAIL_TEXT_MAX)
    return text;
  while (end > 0 && (text[end] & 0xc0) == 0x80)
    end--;
  text[end] = '\0';
  return and_more (text, length - end);
}

char *
wt_mail_text (const WtMimeMessage *message, GPtrArray *attachments)
{
  Reader reader = { .message = message, .text = g_string_new (NULL), .attachments = attachments };

  read_part (&reader, message->root);
  return wt_mail_shorten (g_string_free (reader.text, FALSE));
}

char *
wt_mail_source (GBytes *mail)
{
  gsize size;
  const guint8 *bytes = g_bytes_get_data (mail, &size);
  char *text = wt_mime_to_utf8 ("utf-8", bytes, MIN (size, WT_MAIL_TEXT_MAX), NULL);

  return size > WT_MAIL_TEXT_MAX ? and_more (text, size - WT_MAIL_TEXT_MAX) : text;
}

/* --- the mail in a message ---------------------------------------------------------------------------------------- */

static GBytes *
mail_of_data (const guint8 *bytes, gsize n_bytes)
{
  WtDotTextScan scan = { 0 };
  gsize end = wt_dot_text_scan (&scan, bytes, n_bytes);

  return wt_dot_text_unstuff (bytes, scan.ended ? end - WT_DOT_TEXT_END : n_bytes);
}

/* What a mail server gives to its client: where the mail is among the rest, the dissection tells. */
static GBytes *
mail_of_response (const WtEvent *event, const guint8 *bytes, gsize n_bytes)
{
  const WtDissector *dissector = wt_dissector_for (event->protocol);
  g_autoptr (WtField) root = dissector ? dissector->message (wt_event_direction (event), event->context, bytes, n_bytes) : NULL;
  const WtField *mail = root ? wt_field_find (root, "imf") : NULL;

  if (!mail || mail->end <= mail->start || mail->end > n_bytes)
    return NULL;
  if (event->protocol == WT_PROTOCOL_POP3)
    return wt_dot_text_unstuff (bytes + mail->start, mail->end - mail->start);
  return g_bytes_new (bytes + mail->start, mail->end - mail->start);
}

GBytes *
wt_mail_of_event (const WtEvent *event)
{
  gsize n_bytes;
  const guint8 *bytes = wt_event_bytes (event, &n_bytes);

  if (event->kind == WT_EVENT_STORE && event->value == WT_STORE_ADDED && n_bytes)
    return g_bytes_new_from_bytes (event->payload, event->payload_start, event->payload_len);
  if (event->kind == WT_EVENT_MESSAGE && (event->protocol == WT_PROTOCOL_POP3 || event->protocol == WT_PROTOCOL_IMAP) && n_bytes)
    return mail_of_response (event, bytes, n_bytes);
  gboolean is_smtp = event->protocol == WT_PROTOCOL_SMTP || event->protocol == WT_PROTOCOL_LMTP;
  if (event->kind != WT_EVENT_MESSAGE || !is_smtp || n_bytes == 0)
    return NULL;
  if (event->context == WT_CONTEXT_CONTENT)
    return mail_of_data (bytes, n_bytes);
  if (event->context == WT_SMTP_CONTEXT_CHUNK)
    return g_bytes_new_from_bytes (event->payload, event->payload_start, event->payload_len);
  return NULL;
}
