/* MIME parse and decode, MB/s, beside GMime where it is installed, on the same generated messages in one run. */
#include "protocols/mime/mime-parser.h"

#include <stdio.h>
#include <string.h>
#ifdef HAVE_GMIME
#include <gmime/gmime.h>
G_DEFINE_AUTOPTR_CLEANUP_FUNC (GMimeStream, g_object_unref)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (GMimeParser, g_object_unref)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (GMimeMessage, g_object_unref)
#endif

#define N_MESSAGES 400
#define ROUNDS 5

/* Half plain text as mail programs send it, half with a base64 attachment of 100 kB. */
static GBytes *
make_message (GRand *rand, gboolean attachment)
{
  g_autoptr (GByteArray) out = g_byte_array_new ();
  const char *head = "From: Alice <alice@a.example>\r\nTo: Bob <bob@b.example>, Carol <carol@c.example>\r\n"
                     "Subject: =?utf-8?Q?Gr=C3=BC=C3=9Fe?=\r\nDate: Mon, 23 Nov 2026 15:04:05 +0100\r\n"
                     "Message-ID: <1@a.example>\r\nMIME-Version: 1.0\r\n"
                     "Content-Type: multipart/mixed; boundary=\"next part\"\r\n\r\n--next part\r\n"
                     "Content-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n";
  g_byte_array_append (out, (const guint8 *) head, strlen (head));
  for (guint i = 0; i < 100; i++)
    {
      const char *line = "Ein Satz mit einem =C3=9C wie er in deutscher Post steht, und noch ein wenig =\r\nmehr davon.\r\n";
      g_byte_array_append (out, (const guint8 *) line, strlen (line));
    }
  if (attachment)
    {
      const char *part = "\r\n--next part\r\nContent-Type: application/octet-stream; name=a.bin\r\n"
                         "Content-Transfer-Encoding: base64\r\nContent-Disposition: attachment; filename=a.bin\r\n\r\n";
      g_autofree guint8 *bytes = g_malloc (100000);
      for (guint i = 0; i < 100000; i++)
        bytes[i] = g_rand_int (rand);
      g_byte_array_append (out, (const guint8 *) part, strlen (part));
      wt_mime_encode_base64 (out, bytes, 100000);
    }
  const char *tail = "--next part--\r\n";
  g_byte_array_append (out, (const guint8 *) tail, strlen (tail));
  return g_byte_array_free_to_bytes (g_steal_pointer (&out));
}

static gsize
decode_part (const WtMimeMessage *message, const WtMimePart *part)
{
  gsize sum = 0;
  for (guint i = 0; part->parts && i < part->parts->len; i++)
    sum += decode_part (message, g_ptr_array_index (part->parts, i));
  if (part->parts)
    return sum;
  g_autoptr (GByteArray) decoded = wt_mime_part_decode (message, part, NULL);
  return decoded->len;
}

static gsize
run_ours (GBytes *bytes)
{
  g_autoptr (WtMimeMessage) message = wt_mime_message_parse (bytes);
  return decode_part (message, message->root);
}

#ifdef HAVE_GMIME
static void
decode_gmime (GMimeObject *parent, GMimeObject *part, gpointer user_data)
{
  if (!GMIME_IS_PART (part))
    return;
  g_autoptr (GMimeStream) out = g_mime_stream_mem_new ();
  g_mime_data_wrapper_write_to_stream (g_mime_part_get_content (GMIME_PART (part)), out);
  *(gsize *) user_data += g_mime_stream_length (out);
}

static gsize
run_gmime (GBytes *bytes)
{
  gsize n, sum = 0;
  const char *data = g_bytes_get_data (bytes, &n);
  g_autoptr (GMimeStream) stream = g_mime_stream_mem_new_with_buffer (data, n);
  g_autoptr (GMimeParser) parser = g_mime_parser_new_with_stream (stream);
  g_autoptr (GMimeMessage) message = g_mime_parser_construct_message (parser, NULL);
  g_mime_message_foreach (message, decode_gmime, &sum);
  return sum;
}
#endif

static double
measure (GPtrArray *messages, gsize (*run) (GBytes *), gsize *decoded)
{
  gsize total = 0;
  gint64 start = g_get_monotonic_time ();
  *decoded = 0;
  for (guint i = 0; i < messages->len; i++)
    {
      *decoded += run (g_ptr_array_index (messages, i));
      total += g_bytes_get_size (g_ptr_array_index (messages, i));
    }
  return total / (double) (g_get_monotonic_time () - start); /* bytes a microsecond: MB/s */
}

int
main (void)
{
  g_autoptr (GRand) rand = g_rand_new_with_seed (1);
  g_autoptr (GPtrArray) messages = g_ptr_array_new_with_free_func ((GDestroyNotify) g_bytes_unref);
  for (guint i = 0; i < N_MESSAGES; i++)
    g_ptr_array_add (messages, make_message (rand, i % 2));
#ifdef HAVE_GMIME
  g_mime_init ();
#endif
  for (guint round = 0; round < ROUNDS; round++)
    {
      gsize decoded;
      printf ("mime parse and decode: %.0f MB/s", measure (messages, run_ours, &decoded));
#ifdef HAVE_GMIME
      gsize other;
      double speed = measure (messages, run_gmime, &other);
      printf (", GMime %.0f MB/s, decoded the same: %s", speed, decoded == other ? "yes" : "no");
#endif
      printf ("\n");
    }
  return 0;
}
