#include "app/render/theme.h"

#include <math.h>

#define RGB(hex) { (((hex) >> 16) & 0xff) / 255.0, (((hex) >> 8) & 0xff) / 255.0, ((hex) & 0xff) / 255.0, 1.0 }
#define FONT "Cantarell,Noto Sans,DejaVu Sans"

static const WtTheme light = {
  .dark = FALSE,
  .background = RGB (0xffffff),
  .foreground = RGB (0x1d1d20),
  .dim = RGB (0x5e5c64),
  .accent = RGB (0x1a5fb4),
  .success = RGB (0x1b6e3c),
  .warning = RGB (0x8f4a00),
  .error = RGB (0xb3121d),
  .link = RGB (0x8b8f98),
  .link_down = RGB (0xc01c28),
  .host_fill = RGB (0xf3f5f9),
  .host_border = RGB (0x3d4450),
  .selection = RGB (0x3584e4),
  .panel = RGB (0xf1f2f5),
  .on_color = RGB (0xffffff),
  .screen = RGB (0xcfe3fb),
  .network = RGB (0x47617f),
  .protocols = {
    [WT_PROTOCOL_NONE] = RGB (0x5e5c64),
    [WT_PROTOCOL_TCP] = RGB (0x5b6370),
    [WT_PROTOCOL_UDP] = RGB (0x6a5c7e),
    [WT_PROTOCOL_SMTP] = RGB (0x1a5fb4),
    [WT_PROTOCOL_DNS] = RGB (0xa34200),
    [WT_PROTOCOL_POP3] = RGB (0x1b6e3c),
    [WT_PROTOCOL_IMAP] = RGB (0x813d9c),
    [WT_PROTOCOL_SNMP] = RGB (0x0b6b7a),
    [WT_PROTOCOL_TLS] = RGB (0xa51d5b),
    [WT_PROTOCOL_MIME] = RGB (0x6f4b2e),
    [WT_PROTOCOL_LMTP] = RGB (0x4a4fb8),
  },
  .font = FONT,
  .font_size = 11,
};

static const WtTheme dark = {
  .dark = TRUE,
  .background = RGB (0x1c1d21),
  .foreground = RGB (0xf6f5f4),
  .dim = RGB (0xb4b6bf),
  .accent = RGB (0x78aeed),
  .success = RGB (0x63d688),
  .warning = RGB (0xffb25c),
  .error = RGB (0xff8a86),
  .link = RGB (0x767a85),
  .link_down = RGB (0xff7b77),
  .host_fill = RGB (0x33363e),
  .host_border = RGB (0xc3c7d0),
  .selection = RGB (0x62a0ea),
  .panel = RGB (0x2a2c32),
  .on_color = RGB (0x15161a),
  .screen = RGB (0x2f4a6d),
  .network = RGB (0x8fb0d6),
  .protocols = {
    [WT_PROTOCOL_NONE] = RGB (0xb4b6bf),
    [WT_PROTOCOL_TCP] = RGB (0xb3b9c6),
    [WT_PROTOCOL_UDP] = RGB (0xc4b5d8),
    [WT_PROTOCOL_SMTP] = RGB (0x78aeed),
    [WT_PROTOCOL_DNS] = RGB (0xffa95c),
    [WT_PROTOCOL_POP3] = RGB (0x63d688),
    [WT_PROTOCOL_IMAP] = RGB (0xdc9bea),
    [WT_PROTOCOL_SNMP] = RGB (0x5fcbd8),
    [WT_PROTOCOL_TLS] = RGB (0xff8fb4),
    [WT_PROTOCOL_MIME] = RGB (0xd9b48f),
    [WT_PROTOCOL_LMTP] = RGB (0xa9b0ff),
  },
  .font = FONT,
  .font_size = 11,
};

static const WtTheme light_contrast = {
  .dark = FALSE,
  .background = RGB (0xffffff),
  .foreground = RGB (0x000000),
  .dim = RGB (0x3a3a40),
  .accent = RGB (0x0b3f82),
  .success = RGB (0x0a4d26),
  .warning = RGB (0x663300),
  .error = RGB (0x86000d),
  .link = RGB (0x2b2e35),
  .link_down = RGB (0xa00010),
  .host_fill = RGB (0xffffff),
  .host_border = RGB (0x000000),
  .selection = RGB (0x0b57d0),
  .panel = RGB (0xf4f4f6),
  .on_color = RGB (0xffffff),
  .screen = RGB (0xcfe3fb),
  .network = RGB (0x1f3a5a),
  .protocols = {
    [WT_PROTOCOL_NONE] = RGB (0x3a3a40),
    [WT_PROTOCOL_TCP] = RGB (0x3b4250),
    [WT_PROTOCOL_UDP] = RGB (0x4a3a60),
    [WT_PROTOCOL_SMTP] = RGB (0x0b3f82),
    [WT_PROTOCOL_DNS] = RGB (0x702c00),
    [WT_PROTOCOL_POP3] = RGB (0x0a4d26),
    [WT_PROTOCOL_IMAP] = RGB (0x5c2074),
    [WT_PROTOCOL_SNMP] = RGB (0x064b56),
    [WT_PROTOCOL_TLS] = RGB (0x7a0c40),
    [WT_PROTOCOL_MIME] = RGB (0x4f3118),
    [WT_PROTOCOL_LMTP] = RGB (0x31358c),
  },
  .font = FONT,
  .font_size = 11,
};

static const WtTheme dark_contrast = {
  .dark = TRUE,
  .background = RGB (0x000000),
  .foreground = RGB (0xffffff),
  .dim = RGB (0xd8dae0),
  .accent = RGB (0x9cc8ff),
  .success = RGB (0x86f0a8),
  .warning = RGB (0xffc680),
  .error = RGB (0xffaaa6),
  .link = RGB (0xd8dae0),
  .link_down = RGB (0xff9a96),
  .host_fill = RGB (0x101114),
  .host_border = RGB (0xffffff),
  .selection = RGB (0x9cc8ff),
  .panel = RGB (0x1a1b1f),
  .on_color = RGB (0x000000),
  .screen = RGB (0x1c3a60),
  .network = RGB (0xa9ccf5),
  .protocols = {
    [WT_PROTOCOL_NONE] = RGB (0xd8dae0),
    [WT_PROTOCOL_TCP] = RGB (0xd2d7e2),
    [WT_PROTOCOL_UDP] = RGB (0xddd0ee),
    [WT_PROTOCOL_SMTP] = RGB (0x9cc8ff),
    [WT_PROTOCOL_DNS] = RGB (0xffc080),
    [WT_PROTOCOL_POP3] = RGB (0x86f0a8),
    [WT_PROTOCOL_IMAP] = RGB (0xecb8f6),
    [WT_PROTOCOL_SNMP] = RGB (0x86e4ee),
    [WT_PROTOCOL_TLS] = RGB (0xffb0cb),
    [WT_PROTOCOL_MIME] = RGB (0xead0b2),
    [WT_PROTOCOL_LMTP] = RGB (0xcdd1ff),
  },
  .font = FONT,
  .font_size = 11,
};

const WtTheme *
wt_theme_get (gboolean is_dark, gboolean high_contrast)
{
  if (high_contrast)
    return is_dark ? &dark_contrast : &light_contrast;
  return is_dark ? &dark : &light;
}

const WtColor *
wt_theme_protocol (const WtTheme *self, guint protocol)
{
  return &self->protocols[protocol < WT_N_PROTOCOLS ? protocol : WT_PROTOCOL_NONE];
}

void
wt_color_set_source (const WtColor *color, cairo_t *cr)
{
  cairo_set_source_rgba (cr, color->red, color->green, color->blue, color->alpha);
}

void
wt_color_set_source_alpha (const WtColor *color, double alpha, cairo_t *cr)
{
  cairo_set_source_rgba (cr, color->red, color->green, color->blue, color->alpha * alpha);
}

WtColor
wt_color_mix (const WtColor *a, const WtColor *b, double part_of_b)
{
  double p = CLAMP (part_of_b, 0, 1);

  return (WtColor){ a->red + (b->red - a->red) * p, a->green + (b->green - a->green) * p,
                    a->blue + (b->blue - a->blue) * p, a->alpha + (b->alpha - a->alpha) * p };
}

static double
linear (double channel)
{
  return channel <= 0.03928 ? channel / 12.92 : pow ((channel + 0.055) / 1.055, 2.4);
}

static double
luminance (const WtColor *color)
{
  return 0.2126 * linear (color->red) + 0.7152 * linear (color->green) + 0.0722 * linear (color->blue);
}

double
wt_color_contrast (const WtColor *a, const WtColor *b)
{
  double la = luminance (a), lb = luminance (b);

  return (MAX (la, lb) + 0.05) / (MIN (la, lb) + 0.05);
}
