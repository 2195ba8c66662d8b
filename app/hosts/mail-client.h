/* A person's computer: sends mail through a server, fetches it from one, or lets a person type at one. */
#pragma once

#include "app/hosts/host.h"

extern const WtHostClass wt_mail_client_class;

/* The port that the keys of "talk" and "disconnect" name, by its number or by the protocol; 0: none. */
guint16 wt_mail_client_talk_port (const WtHostConfig *action);
