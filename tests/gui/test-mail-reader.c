/* A mail on the screen: as a mail program shows it, its parts, its source. */
#include "app/hosts/mail-compose.h"
#include "app/ui/mail/mail-parts.h"
#include "app/ui/mail/mail-reader.h"
#include "tests/gui/gui-wait.h"
#include "tests/gui/widgets.h"

#include <string.h>

#define HEIGHT_MAX 400 /* pixels: what the view may ask for whatever the mail holds */

static WtMailFile *
file_new (const char *name, const char *type, GBytes *bytes)
{
  WtMailFile *self = g_new0 (WtMailFile, 1);

  self->name = g_strdup (name);
  self->content_type = g_strdup (type);
  self->bytes = g_bytes_ref (bytes);
  return self;
}

/* Larger than the window. */
static GBytes *
picture_new (void)
{
  g_autoptr (GdkPixbuf) pixbuf = gdk_pixbuf_new (GDK_COLORSPACE_RGB, FALSE, 8, 900, 900);
  char *bytes = NULL;
  gsize length = 0;

  gdk_pixbuf_fill (pixbuf, 0x3584e4ff);
  g_assert_true (gdk_pixbuf_save_to_buffer (pixbuf, &bytes, &length, "png", NULL, NULL));
  return g_bytes_new_take (bytes, length);
}

static GBytes *
mail_new (void)
{
  static const char *const to[] = { "bob@example.org", NULL };
  g_autoptr (GPtrArray) images = g_ptr_array_new_with_free_func ((GDestroyNotify) wt_mail_file_free);
  g_autoptr (GPtrArray) attachments = g_ptr_array_new_with_free_func ((GDestroyNotify) wt_mail_file_free);

  g_autoptr (GBytes) picture = picture_new (), nonsense = g_bytes_new_static ("nonsense", 8);

  g_ptr_array_add (images, file_new ("good.png", "image/png", picture));
  g_ptr_array_add (images, file_new ("bad.png", "image/png", nonsense));
  for (guint i = 0; i < 40; i++)
    g_ptr_array_add (attachments, file_new ("plan.pdf", "application/pdf", nonsense));
  return wt_mail_compose (&(WtMailDraft){ .from = "alice@example.org", .to = to, .subject = "Grüße", .text = "Hello Bob",
                                          .images = images, .attachments = attachments, .message_id = "1@example.org" });
}

static GtkWidget *
find_button (GtkWidget *root, const char *label)
{
  if (GTK_IS_BUTTON (root) && g_strcmp0 (gtk_button_get_label (GTK_BUTTON (root)), label) == 0)
    return root;
  for (GtkWidget *child = gtk_widget_get_first_child (root); child; child = gtk_widget_get_next_sibling (child))
    {
      GtkWidget *found = find_button (child, label);

      if (found)
        return found;
    }
  return NULL;
}

static guint
count (GtkWidget *root, GType type)
{
  guint n = g_type_is_a (G_OBJECT_TYPE (root), type) && gtk_widget_get_mapped (root);

  for (GtkWidget *child = gtk_widget_get_first_child (root); child; child = gtk_widget_get_next_sibling (child))
    n += count (child, type);
  return n;
}

static char *
shown_text (GtkWidget *reader)
{
  GtkTextBuffer *buffer = gtk_text_view_get_buffer (GTK_TEXT_VIEW (widgets_find (reader, GTK_TYPE_TEXT_VIEW)));
  GtkTextIter start, end;

  gtk_text_buffer_get_bounds (buffer, &start, &end);
  return gtk_text_buffer_get_text (buffer, &start, &end, TRUE);
}

static guint
n_painted (GtkWidget *root)
{
  guint n = GTK_IS_PICTURE (root) && gtk_widget_get_mapped (root) && gtk_picture_get_paintable (GTK_PICTURE (root));

  for (GtkWidget *child = gtk_widget_get_first_child (root); child; child = gtk_widget_get_next_sibling (child))
    n += n_painted (child);
  return n;
}

static void
test_views (void)
{
  g_autoptr (GBytes) mail = mail_new ();
  GtkWidget *reader = wt_mail_reader_new (), *window = widgets_show (reader, 400, 700);
  g_autofree char *text = NULL, *source = NULL;
  int least;

  wt_mail_reader_set_mail (WT_MAIL_READER (reader), mail);
  gui_wait_for (n_painted (reader) == 1); /* the other one cannot be */
  text = shown_text (reader);
  g_assert_true (g_str_has_prefix (text, "Hello Bob\r\n"));
  g_assert_cmpuint (count (reader, ADW_TYPE_ACTION_ROW), ==, 42);
  gtk_widget_measure (reader, GTK_ORIENTATION_VERTICAL, -1, &least, NULL, NULL, NULL);
  g_assert_cmpint (least, <, HEIGHT_MAX);

  gtk_toggle_button_set_active (GTK_TOGGLE_BUTTON (find_button (reader, "Parts")), TRUE);
  gui_wait_for (count (reader, GTK_TYPE_LIST_BOX_ROW) == 47); /* mixed, alternative, text, related, HTML, 2 images, 40 files */
  gtk_toggle_button_set_active (GTK_TOGGLE_BUTTON (find_button (reader, "Source")), TRUE);
  gui_wait_for (count (reader, GTK_TYPE_LIST_BOX_ROW) == 0);
  source = shown_text (reader);
  g_assert_nonnull (strstr (source, "Subject: =?UTF-8?Q?Gr"));
  gtk_window_destroy (GTK_WINDOW (window));
}

int
main (int argc, char **argv)
{
  widgets_init (&argc, &argv);
  g_test_add_func ("/mail-reader/views", test_views);
  return g_test_run ();
}
