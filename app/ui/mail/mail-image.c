#include "app/ui/mail/mail-image.h"

#include <gdk-pixbuf/gdk-pixbuf.h>
#include <glib/gi18n.h>

typedef struct {
  GBytes *bytes;
  int width;
} Work;

static void
work_free (gpointer data)
{
  Work *self = data;

  g_bytes_unref (self->bytes);
  g_free (self);
}

/* --- decoding, in a thread ---------------------------------------------------------------------------------------- */

/* A width of 0 makes the loader stop. */
static void
on_size (GdkPixbufLoader *loader, int width, int height, gpointer user_data)
{
  int wanted = *(int *) user_data;

  if (width <= 0 || height <= 0 || (gint64) width * height > WT_MAIL_IMAGE_PIXELS)
    gdk_pixbuf_loader_set_size (loader, 0, 0);
  else if (width > wanted)
    gdk_pixbuf_loader_set_size (loader, wanted, MAX (1, (gint64) height * wanted / width));
}

static void
decode (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  Work *work = data;
  g_autoptr (GdkPixbufLoader) loader = gdk_pixbuf_loader_new ();
  GdkPixbuf *pixbuf = NULL;
  GError *error = NULL;
  gboolean good;

  g_signal_connect (loader, "size-prepared", G_CALLBACK (on_size), &work->width);
  good = gdk_pixbuf_loader_write_bytes (loader, work->bytes, &error);
  good = gdk_pixbuf_loader_close (loader, good ? &error : NULL) && good;
  if (good)
    pixbuf = gdk_pixbuf_loader_get_pixbuf (loader);
  if (pixbuf)
    g_task_return_pointer (task, gdk_texture_new_for_pixbuf (pixbuf), g_object_unref);
  else
    g_task_return_error (task, error ? error : g_error_new (G_IO_ERROR, G_IO_ERROR_INVALID_DATA, _("too large")));
}

/* --- showing ------------------------------------------------------------------------------------------------------ */

static void
on_decoded (GObject *source, GAsyncResult *result, gpointer user_data)
{
  GtkWidget *picture = GTK_WIDGET (source), *label = gtk_widget_get_next_sibling (picture);
  g_autoptr (GdkTexture) texture = NULL;
  g_autoptr (GError) error = NULL;
  g_autofree char *text = NULL;

  texture = g_task_propagate_pointer (G_TASK (result), &error);
  if (texture)
    {
      gtk_picture_set_paintable (GTK_PICTURE (picture), GDK_PAINTABLE (texture));
      gtk_widget_set_size_request (picture, gdk_texture_get_width (texture), gdk_texture_get_height (texture));
    }
  else
    text = g_strdup_printf (_("This image cannot be shown: %s"), error->message);
  gtk_widget_set_visible (picture, texture != NULL);
  if (!label)
    return; /* the box is gone, only the task held the picture */
  gtk_widget_set_visible (label, texture == NULL);
  if (text)
    gtk_label_set_text (GTK_LABEL (label), text);
}

GtkWidget *
wt_mail_image_new (GBytes *bytes, const char *description, int width)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 0);
  GtkWidget *picture = gtk_picture_new (), *label = gtk_label_new (description);
  Work *work;
  g_autoptr (GTask) task = NULL;

  gtk_label_set_wrap (GTK_LABEL (label), TRUE);
  gtk_label_set_xalign (GTK_LABEL (label), 0);
  gtk_widget_add_css_class (label, "dim-label");
  gtk_picture_set_alternative_text (GTK_PICTURE (picture), description);
  gtk_widget_set_halign (picture, GTK_ALIGN_START);
  gtk_widget_set_visible (picture, FALSE);
  gtk_box_append (GTK_BOX (box), picture);
  gtk_box_append (GTK_BOX (box), label);
  if (g_bytes_get_size (bytes) > WT_MAIL_IMAGE_BYTES)
    return box;
  work = g_new0 (Work, 1);
  work->bytes = g_bytes_ref (bytes);
  work->width = width;
  task = g_task_new (picture, NULL, on_decoded, NULL);
  g_task_set_task_data (task, work, work_free);
  g_task_run_in_thread (task, decode);
  return box;
}
