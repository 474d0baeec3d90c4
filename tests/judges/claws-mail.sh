#!/usr/bin/env bash
# Shows a mail in Claws Mail, whose litehtml knows tables and little else, and takes a picture of it to look at:
#   tests/judges/claws-mail.sh MAIL.eml PICTURE.png
# Needs the Debian packages claws-mail claws-mail-litehtml-viewer xvfb dbus imagemagick x11-utils. Nothing of the
# reader's own settings is read or written, and nothing is sent or fetched.
set -euo pipefail
mail=$(realpath "$1") picture=$(realpath -m "$2")
home=$(mktemp -d)
trap 'rm -rf "$home"' EXIT
mkdir -p "$home/.claws-mail" "$home/Mail"/{inbox,sent,draft,queue,trash}
cp "$mail" "$home/Mail/inbox/1"
viewer=$(find /usr/lib -name litehtml_viewer.so | head -n 1)
cat >"$home/.claws-mail/clawsrc" <<EOF
[Common]
promote_html_part=1
mainwin_width=1060
mainwin_height=2300
mainview_width=760
messageview_height=1900
layout_mode=0
no_recv_err_panel=1
[Plugins_GTK3]
$viewer
EOF
cat >"$home/.claws-mail/accountrc" <<EOF
[Account: 1]
account_name=reader
is_default=1
name=Reader
address=reader@example.org
protocol=5
smtp_server=localhost
EOF
cat >"$home/.claws-mail/folderlist.xml" <<EOF
<?xml version="1.0"?>
<folderlist><folder type="mh" name="Mail" path="$home/Mail" collapsed="0">
<folderitem type="inbox" name="inbox" path="inbox"/><folderitem type="outbox" name="sent" path="sent"/>
<folderitem type="draft" name="draft" path="draft"/><folderitem type="queue" name="queue" path="queue"/>
<folderitem type="trash" name="trash" path="trash"/>
</folder></folderlist>
EOF
export HOME=$home XDG_RUNTIME_DIR=$home NO_AT_BRIDGE=1
unset DBUS_SESSION_BUS_ADDRESS WAYLAND_DISPLAY
timeout 90 xvfb-run -a -s "-screen 0 1100x2400x24" dbus-run-session -- bash -c '
    claws-mail --select inbox/1 >/dev/null 2>"$HOME/log" &
    mail=$!
    sleep "${SECONDS_TO_DRAW:-12}"
    import -window root "$0"
    kill $mail
    wait $mail
' "$picture"
