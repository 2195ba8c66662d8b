/* Mails as fields: names, values, ranges. */
#include "protocols/mime/mime-dissect.h"

#include <string.h>

typedef struct {
  const char *name, *mail;
  const char *tree; /* a line a field: depth in spaces, name=value start-end */
} Row;

static const Row rows[] = {
  { "multipart",
    "Content-Type: multipart/mixed; boundary=b\r\n\r\nHello\r\n--b\r\nContent-Type: text/plain; charset=iso-8859-1\r\n\r\n\xe4\r\n"
    "--b\r\nContent-Disposition: attachment; filename*=utf-8''%C3%A4\r\nContent-Type: a/b\r\n\r\nxyz\r\n--b--\r\nbye\r\n",
    "imf 0-209\n"
    " imf.content.type=multipart/mixed; boundary=b 0-43\n"
    "  imf.content.type.type=multipart/mixed 14-29\n"
    "  imf.content.type.parameters= boundary=b 30-41\n"
    "   wiretalk.mime.parameter=boundary=b 29-41\n"
    " mime_multipart 45-209\n"
    "  mime_multipart.type=multipart/mixed 45-45\n"
    "  mime_multipart.preamble=Hello\r\n 45-52\n"
    "  mime_multipart.first_boundary=--b 52-57\n"
    "  mime_multipart.part=text/plain 57-106\n"
    "   mime_multipart.header.content-type=text/plain; charset=iso-8859-1 57-103\n"
    "    wiretalk.mime.parameter=charset=iso-8859-1 81-101\n"
    "   data-text-lines 105-106\n"
    "    wiretalk.mime.text=ä 105-106\n"
    "  mime_multipart.boundary=--b 108-113\n"
    "  mime_multipart.part=a/b 113-195\n"
    "   mime_multipart.header.content-disposition=attachment; filename*=utf-8''%C3%A4 113-171\n"
    "    wiretalk.mime.parameter=filename=ä 144-169\n"
    "   mime_multipart.header.content-type=a/b 171-190\n"
    "   wiretalk.mime.filename=ä 113-190\n"
    "   media=a/b 192-195\n"
    "  mime_multipart.last_boundary=--b-- 197-204\n"
    "  mime_multipart.trailer=bye\r\n 204-209\n" },
  { "mail in the mail", "Content-Type: message/rfc822\n\nSubject: =?utf-8?q?=C3=A4?=\n\nText",
    "imf 0-63\n"
    " imf.content.type=message/rfc822 0-29\n"
    "  imf.content.type.type=message/rfc822 14-28\n"
    " imf 30-63\n"
    "  imf.subject==?utf-8?q?=C3=A4?= 30-58\n"
    "   wiretalk.imf.decoded=ä 39-57\n"
    "  imf.message_text 59-63\n" },
  { "not closed", "Content-Type: multipart/mixed; boundary=b\n\n--b\n\none",
    "imf 0-51\n"
    " imf.content.type=multipart/mixed; boundary=b 0-42\n"
    "  imf.content.type.type=multipart/mixed 14-29\n"
    "  imf.content.type.parameters= boundary=b 30-41\n"
    "   wiretalk.mime.parameter=boundary=b 29-41\n"
    " mime_multipart 43-51\n"
    "  mime_multipart.type=multipart/mixed 43-43\n"
    "  mime_multipart.first_boundary=--b 43-47\n"
    "  mime_multipart.part=text/plain 47-51\n"
    "   data-text-lines 48-51\n"
    " wiretalk.mime.defect=not-closed 51-51\n" },
  { "nothing", "", "imf 0-0\n wiretalk.mime.defect=no-header-end 0-0\n" },
};

static gboolean
append (const WtField *field, guint depth, gpointer user_data)
{
  g_string_append_printf (user_data, "%*s%s%s%s %" G_GSIZE_FORMAT "-%" G_GSIZE_FORMAT "\n", (int) depth, "",
                          field->info->name, field->value ? "=" : "", field->value ? field->value : "", field->start,
                          field->end);
  return TRUE;
}

static void
test_row (gconstpointer data)
{
  const Row *row = data;
  g_autoptr (GString) tree = g_string_new (NULL);
  g_autoptr (WtField) root = wt_mime_dissect ((const guint8 *) row->mail, strlen (row->mail), 0);
  wt_field_walk (root, append, tree);
  g_assert_cmpstr (tree->str, ==, row->tree);
}

/* A mail within a larger message: every range is shifted. */
static void
test_offset (void)
{
  const char *mail = rows[0].mail;
  g_autoptr (WtField) root = wt_mime_dissect ((const guint8 *) mail, strlen (mail), 1000);
  const WtField *trailer = wt_field_find (root, "mime_multipart.trailer");
  g_assert_cmpuint (trailer->start, ==, 1204);
  g_assert_cmpuint (trailer->end, ==, 1209);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autofree char *path = g_strdup_printf ("/mime-dissect/%s", rows[i].name);
      g_test_add_data_func (path, &rows[i], test_row);
    }
  g_test_add_func ("/mime-dissect/offset", test_offset);
  return g_test_run ();
}
