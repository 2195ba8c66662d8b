#include "app/render/canvas-render.h"
#include "app/render/host-symbols.h"
#include "tests/app/render/sample-trace.h"

#include <math.h>
#include <string.h>

#define BESIDE 16.0 /* units: packets keep beside the line between their hosts */

typedef struct { WtTrace *trace; WtLayout *layout; } Scene;

static void
set_up (Scene *scene, gconstpointer data)
{
  scene->trace = sample_trace_new ();
  scene->layout = wt_layout_new (scene->trace);
  wt_layout_update (scene->layout);
}

static void
tear_down (Scene *scene, gconstpointer data)
{
  wt_layout_free (scene->layout);
  wt_trace_unref (scene->trace);
}

static GArray *
flying_at (Scene *scene, gint64 time)
{
  return wt_canvas_flying (scene->trace, scene->layout, wt_trace_at_time (scene->trace, time), time);
}

static const WtFlyingPacket *
find (GArray *flying, guint32 event)
{
  for (guint i = 0; i < flying->len; i++)
    if (g_array_index (flying, WtFlyingPacket, i).event == event)
      return &g_array_index (flying, WtFlyingPacket, i);
  return NULL;
}

/* --- packets ------------------------------------------------------------------------------------------------------ */

/* How far along (0 to 1) and how far beside the line from a to b a packet is. */
static void
locate (WtLayout *layout, const WtEvent *event, const WtFlyingPacket *packet, double *along, double *beside)
{
  double ax, ay, bx, by, length;

  g_assert_true (wt_layout_get (layout, event->from, &ax, &ay) && wt_layout_get (layout, event->to, &bx, &by));
  length = hypot (bx - ax, by - ay);
  *along = ((packet->x - ax) * (bx - ax) + (packet->y - ay) * (by - ay)) / (length * length);
  *beside = fabs ((packet->x - ax) * (by - ay) - (packet->y - ay) * (bx - ax)) / length;
  g_assert_cmpfloat_with_epsilon (packet->angle, atan2 (by - ay, bx - ax), 1e-9);
}

static void
test_between_hosts (Scene *scene, gconstpointer data)
{
  static const double parts[] = { 0, 0.25, 0.5, 0.75, 0.99 };
  guint n_packets = 0;

  for (guint32 n = 0; n < wt_trace_length (scene->trace); n++)
    {
      const WtEvent *event = wt_trace_event (scene->trace, n);
      double before = -1;

      if (event->kind != WT_EVENT_PACKET || event->flags & WT_EVENT_LOST)
        continue;
      n_packets++;
      for (guint i = 0; i < G_N_ELEMENTS (parts); i++)
        {
          g_autoptr (GArray) flying = flying_at (scene, event->time + parts[i] * (event->other_time - event->time));
          const WtFlyingPacket *packet = find (flying, n);
          double along, beside;

          g_assert_nonnull (packet);
          locate (scene->layout, event, packet, &along, &beside);
          g_assert_cmpfloat (beside, <=, BESIDE);
          g_assert_cmpfloat (along, >, before);
          g_assert_cmpfloat (along, <, 1);
          g_assert_cmpfloat (packet->fade, ==, 1);
          if (parts[i] == 0.5)
            g_assert_cmpfloat_with_epsilon (along, 0.5, 1e-6);
          before = along;
        }
    }
  g_assert_cmpuint (n_packets, >, 50);
}

/* At any time: all that have left and not arrived, and nothing else. */
static void
test_all_and_only (Scene *scene, gconstpointer data)
{
  g_autoptr (GRand) random = g_rand_new_with_seed (5);
  gint64 end = wt_trace_end_time (scene->trace);

  for (guint i = 0; i < 2000; i++)
    {
      gint64 time = g_rand_double_range (random, 0, i % 2 ? 200 * SAMPLE_MSEC : end);
      g_autoptr (GArray) flying = flying_at (scene, time);
      guint expected = 0;

      for (guint32 n = 0; n < wt_trace_length (scene->trace); n++)
        {
          const WtEvent *event = wt_trace_event (scene->trace, n);

          expected += event->kind == WT_EVENT_PACKET && event->time <= time && time < event->other_time;
        }
      g_assert_cmpuint (flying->len, ==, expected);
    }
}

/* A lost one looks like any other at first, then falls and fades where it was lost, and never arrives. */
static void
test_lost (Scene *scene, gconstpointer data)
{
  guint n_lost = 0;

  for (guint32 n = 0; n < wt_trace_length (scene->trace); n++)
    {
      const WtEvent *event = wt_trace_event (scene->trace, n);
      double along, beside, fade = 1;

      if (event->kind != WT_EVENT_PACKET || !(event->flags & WT_EVENT_LOST))
        continue;
      n_lost++;
      for (double part = 0.05; part < 1; part += 0.1)
        {
          g_autoptr (GArray) flying = flying_at (scene, event->time + part * (event->other_time - event->time));
          const WtFlyingPacket *packet = find (flying, n);

          g_assert_nonnull (packet);
          locate (scene->layout, event, packet, &along, &beside);
          g_assert_cmpfloat (packet->fade, <=, fade);
          g_assert_cmpfloat (along, <, 0.7);
          fade = packet->fade;
        }
      g_assert_cmpfloat (fade, <, 0.5);
    }
  g_assert_cmpuint (n_lost, ==, 1);
}

/* A link is cut, or a host falls over, while a packet is on its way: from then on it looks lost; not before. */
static void
test_cut_off (Scene *unused, gconstpointer data)
{
  static const struct { WtEventKind kind; gint64 time; gboolean up; gint64 whole_until, gone_from; } rows[] = {
    { WT_EVENT_LINK, 40, FALSE, 40, 41 },
    { WT_EVENT_LINK, 100, FALSE, 99, 100 }, /* it has arrived */
    { WT_EVENT_LINK, 40, TRUE, 99, 100 },
    { WT_EVENT_NODE, 40, FALSE, 99, 100 },
  };

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autoptr (WtTrace) trace = wt_trace_new ();
      guint32 a = wt_trace_add_entity (trace, &(WtEntity){ .kind = WT_ENTITY_NODE, .name = "a" });
      guint32 b = wt_trace_add_entity (trace, &(WtEntity){ .kind = WT_ENTITY_NODE, .name = "b" });
      guint32 link = wt_trace_add_entity (trace, &(WtEntity){ .kind = WT_ENTITY_LINK, .name = "a -- b", .ends = { a, b } });
      g_autoptr (WtLayout) layout = wt_layout_new (trace);
      Scene scene = { trace, layout };

      wt_trace_append (trace, &(WtEvent){ .kind = WT_EVENT_PACKET, .time = 0, .other_time = 100, .from = a, .to = b,
                                          .value = link, .ref = 0, .flags = WT_EVENT_FIRST_HOP | WT_EVENT_LAST_HOP });
      wt_trace_append (trace, &(WtEvent){ .kind = rows[i].kind, .time = rows[i].time, .other_time = rows[i].time,
                                          .entity = rows[i].kind == WT_EVENT_LINK ? link : b, .value = rows[i].up,
                                          .ref = WT_EVENT_NO_REF });
      wt_layout_place (layout, a, 0, 0);
      wt_layout_place (layout, b, 400, 0);
      wt_layout_update (layout);
      for (gint64 time = 0; time < 100; time++)
        {
          g_autoptr (GArray) flying = flying_at (&scene, time);

          g_assert_cmpuint (flying->len, ==, 1);
          if (time <= rows[i].whole_until)
            g_assert_cmpfloat (g_array_index (flying, WtFlyingPacket, 0).fade, ==, 1);
          else if (time >= rows[i].gone_from)
            g_assert_cmpfloat (g_array_index (flying, WtFlyingPacket, 0).fade, <, 1);
        }
    }
}

/* Where no packets were recorded (live mode) the messages fly, to arrive when they were recorded. */
static void
test_messages_fly (Scene *scene, gconstpointer data)
{
  g_autoptr (WtTrace) live = wt_trace_new ();
  g_autoptr (WtLayout) layout = wt_layout_new (live);
  guint n_messages = 0;

  for (guint32 id = 1; id <= wt_trace_n_entities (scene->trace); id++)
    wt_trace_add_entity (live, wt_trace_entity (scene->trace, id));
  for (guint32 n = 0; n < wt_trace_length (scene->trace); n++)
    if (wt_trace_event (scene->trace, n)->kind != WT_EVENT_PACKET)
      wt_trace_append (live, wt_trace_event (scene->trace, n));
  wt_layout_update (layout);
  for (guint32 n = 0; n < wt_trace_length (live); n++)
    {
      const WtEvent *event = wt_trace_event (live, n);
      g_autoptr (GArray) flying = wt_canvas_flying (live, layout, n, event->time - 1);
      g_autoptr (GArray) after = wt_canvas_flying (live, layout, n + 1, event->time);
      const WtFlyingPacket *packet = find (flying, n);
      double along, beside;

      if (event->kind != WT_EVENT_MESSAGE)
        continue;
      n_messages++;
      g_assert_nonnull (packet);
      locate (layout, event, packet, &along, &beside);
      g_assert_cmpfloat (along, >, 0.5);
      g_assert_null (find (after, n));
    }
  g_assert_cmpuint (n_messages, >, 20);
}

/* --- labels ------------------------------------------------------------------------------------------------------- */

static void
test_labels (Scene *scene, gconstpointer data)
{
  static const char *const expected[] = { "SYN",  "SYN ACK", "ACK",  "220", "EHLO", "250", "MAIL", "250",
                                          "RCPT", "250",     "DATA", "354", "mail", "250", "QUIT", "221" };
  g_autoptr (WtPacketLabels) labels = wt_packet_labels_new (scene->trace);
  guint i = 0;

  /* Twice: the second time they are remembered. */
  for (guint round = 0; round < 2; round++)
    for (guint32 n = i = 0; i < G_N_ELEMENTS (expected); n++)
      if (wt_trace_event (scene->trace, n)->kind == WT_EVENT_PACKET
          && wt_trace_event (scene->trace, n)->flags & WT_EVENT_LAST_HOP)
        g_assert_cmpstr (wt_packet_labels_get (labels, n), ==, expected[i++]);
}

/* Of a question for a name the type is what people look for; of commands sent together the first, and how many more. */
static void
test_labels_by_content (Scene *scene, gconstpointer data)
{
  static const char query[] = "\x12\x34\x01\x00\x00\x01\x00\x00\x00\x00\x00\x00\x01x\x00\x00\x0f\x00\x01";
  static const char refusal[] = "\x12\x34\x85\x83\x00\x01\x00\x00\x00\x00\x00\x00\x01x\x00\x00\x0f\x00\x01";
  const struct { WtProtocol protocol; const char *bytes[3]; gsize n_bytes; const char *expected; } rows[] = {
    { WT_PROTOCOL_DNS, { query }, sizeof query - 1, "MX?" },
    { WT_PROTOCOL_DNS, { refusal }, sizeof refusal - 1, "NXDOMAIN" },
    { WT_PROTOCOL_SMTP, { "MAIL FROM:<a@b>\r\n", "RCPT TO:<c@d>\r\n", "DATA\r\n" }, 0, "MAIL +2" },
    { WT_PROTOCOL_SMTP, { "AVERYLONGUNKNOWNVERB\r\n" }, 0, "AVERYLONGUNK" },
    { WT_PROTOCOL_SMTP, { "\r\n" }, 0, "SMTP" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autoptr (WtTrace) trace = wt_trace_new ();
      guint32 talk = wt_trace_add_entity (
          trace,
          &(WtEntity){ .kind = WT_ENTITY_CONVERSATION, .protocol = rows[i].protocol, .transport = WT_TRANSPORT_TCP });
      g_autoptr (WtPacketLabels) labels = wt_packet_labels_new (trace);
      g_autoptr (GString) all = g_string_new (NULL);

      for (guint k = 0; k < 3 && rows[i].bytes[k]; k++)
        g_string_append_len (all, rows[i].bytes[k], rows[i].n_bytes ? (gssize) rows[i].n_bytes : -1);
      wt_trace_append (trace, &(WtEvent){ .kind = WT_EVENT_PACKET,
                                          .time = 5,
                                          .other_time = 9,
                                          .entity = talk,
                                          .payload_len = all->len,
                                          .protocol = rows[i].protocol,
                                          .flags = WT_EVENT_FIRST_HOP | WT_EVENT_LAST_HOP });
      for (guint k = 0; k < 3 && rows[i].bytes[k]; k++)
        {
          gsize n = rows[i].n_bytes ? rows[i].n_bytes : strlen (rows[i].bytes[k]);
          g_autoptr (GBytes) payload = g_bytes_new (rows[i].bytes[k], n);

          wt_trace_append (trace, &(WtEvent){ .kind = WT_EVENT_MESSAGE,
                                              .time = 9,
                                              .other_time = 5,
                                              .entity = talk,
                                              .payload = payload,
                                              .payload_len = n,
                                              .protocol = rows[i].protocol,
                                              .ref = WT_EVENT_NO_REF });
        }
      g_assert_cmpstr (wt_packet_labels_get (labels, 0), ==, rows[i].expected);
    }
}

/* Each hop of a packet carries the same. */
static void
test_labels_of_hops (Scene *scene, gconstpointer data)
{
  g_autoptr (WtPacketLabels) labels = wt_packet_labels_new (scene->trace);

  for (guint32 n = 0; n < wt_trace_length (scene->trace); n++)
    {
      const WtEvent *event = wt_trace_event (scene->trace, n);
      g_autofree char *first = NULL;

      if (event->kind != WT_EVENT_PACKET)
        continue;
      first = g_strdup (wt_packet_labels_get (labels, event->ref));
      g_assert_cmpstr (wt_packet_labels_get (labels, n), ==, first);
      g_assert_cmpint (g_utf8_strlen (first, -1), <=, WT_PACKET_LABEL_MAX);
    }
}

/* --- drawn -------------------------------------------------------------------------------------------------------- */

typedef struct { cairo_surface_t *surface; double x, y; } Drawing;

static Drawing
draw (Scene *scene, const WtTheme *theme, guint32 position, gint64 time)
{
  WtCanvasStyle style = { .theme = theme, .zoom = 1, .position = position, .labels = TRUE };
  Drawing drawing;
  double width, height;
  cairo_t *cr;

  wt_layout_bounds (scene->layout, &drawing.x, &drawing.y, &width, &height);
  drawing.surface = cairo_image_surface_create (CAIRO_FORMAT_RGB24, width, height);
  cr = cairo_create (drawing.surface);
  wt_color_set_source (&theme->background, cr);
  cairo_paint (cr);
  cairo_translate (cr, -drawing.x, -drawing.y);
  wt_canvas_render_still (cr, scene->trace, scene->layout, NULL, &style);
  wt_canvas_render_packets (cr, scene->trace, scene->layout, &style, time);
  g_assert_cmpint (cairo_status (cr), ==, CAIRO_STATUS_SUCCESS);
  cairo_destroy (cr);
  cairo_surface_flush (drawing.surface);
  return drawing;
}

/* Pixels of exactly that colour within `reach` units of a point. */
static guint
count_pixels (const Drawing *drawing, const WtColor *color, double x, double y, double reach)
{
  guint32 wanted = (guint32)round (color->red * 255) << 16 | (guint32)round (color->green * 255) << 8
                   | (guint32)round (color->blue * 255);
  const guint8 *data = cairo_image_surface_get_data (drawing->surface);
  int stride = cairo_image_surface_get_stride (drawing->surface);
  int left = MAX (0, x - drawing->x - reach),
      right = MIN (cairo_image_surface_get_width (drawing->surface), x - drawing->x + reach);
  int top = MAX (0, y - drawing->y - reach),
      bottom = MIN (cairo_image_surface_get_height (drawing->surface), y - drawing->y + reach);
  guint n = 0;

  for (int row = top; row < bottom; row++)
    for (int column = left; column < right; column++)
      n += (*(const guint32 *) (data + row * stride + 4 * column) & 0xffffff) == wanted;
  return n;
}

static void
test_hosts_drawn (Scene *scene, gconstpointer data)
{
  for (guint dark = 0; dark < 2; dark++)
    {
      const WtTheme *theme = wt_theme_get (dark, FALSE);
      Drawing drawing = draw (scene, theme, 0, -1);
      guint n;
      const WtLayoutNode *nodes = wt_layout_nodes (scene->layout, &n);

      for (guint i = 0; i < n; i++)
        {
          double reach = WT_SYMBOL_HALF_HEIGHT;

          g_assert_cmpuint (count_pixels (&drawing, &theme->background, nodes[i].x, nodes[i].y, reach), <,
                            4 * reach * reach * 0.8);
          g_assert_cmpuint (count_pixels (&drawing, &theme->link_down, nodes[i].x, nodes[i].y, reach), ==, 0);
        }
      cairo_surface_destroy (drawing.surface);
    }
}

/* At the end the name server is down: a red cross lies on it, and on its link. */
static void
test_down_drawn (Scene *scene, gconstpointer data)
{
  const WtTheme *theme = wt_theme_get (FALSE, FALSE);
  guint32 dns = wt_trace_find_entity (scene->trace, WT_ENTITY_NODE, 0, "ns.example.net");
  guint32 router = wt_trace_find_entity (scene->trace, WT_ENTITY_NODE, 0, "router2");
  Drawing drawing = draw (scene, theme, wt_trace_length (scene->trace), -1);
  double x, y, to_x, to_y;

  wt_layout_get (scene->layout, dns, &x, &y);
  wt_layout_get (scene->layout, router, &to_x, &to_y);
  g_assert_cmpuint (count_pixels (&drawing, &theme->link_down, x, y, 20), >, 50);
  g_assert_cmpuint (count_pixels (&drawing, &theme->link_down, (x + to_x) / 2, (y + to_y) / 2, 12), >, 20);
  cairo_surface_destroy (drawing.surface);
}

static void
test_packets_drawn (Scene *scene, gconstpointer data)
{
  const WtTheme *theme = wt_theme_get (FALSE, FALSE);
  gint64 time = 95 * SAMPLE_MSEC;
  guint32 position = wt_trace_at_time (scene->trace, time);
  g_autoptr (GArray) flying = flying_at (scene, time);
  Drawing with = draw (scene, theme, position, time), without = draw (scene, theme, position, -1);
  const WtFlyingPacket *packet = &g_array_index (flying, WtFlyingPacket, 0);
  const WtColor *color = wt_theme_protocol (theme, packet->protocol);

  g_assert_cmpuint (flying->len, ==, 1);
  g_assert_cmpuint (count_pixels (&with, color, packet->x, packet->y, 12), >,
                    count_pixels (&without, color, packet->x, packet->y, 12) + 100);
  cairo_surface_destroy (with.surface);
  cairo_surface_destroy (without.surface);
}

int
main (int argc, char **argv)
{
  static const struct { const char *path; void (*func) (Scene *scene, gconstpointer data); } tests[] = {
    { "/canvas/between-hosts", test_between_hosts }, { "/canvas/all-and-only", test_all_and_only },
    { "/canvas/lost", test_lost },                   { "/canvas/cut-off", test_cut_off },
    { "/canvas/messages-fly", test_messages_fly },
    { "/canvas/labels", test_labels },               { "/canvas/labels-of-hops", test_labels_of_hops },
    { "/canvas/labels-by-content", test_labels_by_content },
    { "/canvas/hosts-drawn", test_hosts_drawn },     { "/canvas/down-drawn", test_down_drawn },
    { "/canvas/packets-drawn", test_packets_drawn },
  };

  g_test_init (&argc, &argv, NULL);
  for (guint i = 0; i < G_N_ELEMENTS (tests); i++)
    g_test_add (tests[i].path, Scene, NULL, set_up, tests[i].func, tear_down);
  return g_test_run ();
}
