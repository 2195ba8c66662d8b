/* Protocol colours for widgets: `.protocol.smtp`, `.protocol.dns` ... colour text as the drawings do, in light, dark
 * and high contrast. The colours come from app/render/theme.h: there is no second list of them. */
#pragma once

#include "protocols/base/dissector.h"

/* Puts the style on the default display, once; follows the colour scheme from then on. */
void wt_protocol_style_add (void);
/* "smtp": the dissector's name, "tcp", "udp"; "none" for what has no protocol. Never NULL. */
const char *wt_protocol_style_class (guint protocol);
/* "SMTP": what people call it; "" for none. Never NULL. */
const char *wt_protocol_title (guint protocol);
