"""Which programs really exist: on a Debian 12 host, in busybox 1.35, elsewhere. Names only.

A name in one of these tables that no applet serves is real but not simulated: refused before the
first step. A name in none of them is unknown to us as to the reader's machine: `not found`.
"""

from __future__ import annotations

from typing import Final

_HOST = """
[ arch awk b2sum base32 base64 basename basenc bash bunzip2 bzcat bzip2 cat chgrp chmod chown
chroot cksum clear cmp comm cp csplit cut dash date dd debconf df diff diff3 dir dircolors
dirname dmesg docker dpkg dpkg-deb dpkg-query du echo egrep env expand expr factor fallocate
false fgrep find findmnt flock fmt fold free getent getopt grep groups gunzip gzip head hostid
hostname id install ionice ip join kill killall last link ln locale logger login logname ls
lsblk lscpu lslocks lsns lsof md5sum mkdir mkfifo mknod mktemp more mount mountpoint mv namei
nice nl nohup nproc nsenter numfmt od passwd paste pathchk pgrep pidof pkill pmap pr printenv
printf ps ptx pwd readlink realpath renice rev rm rmdir rgrep run-parts sed seq setpriv setsid
sh sha1sum sha224sum sha256sum sha384sum sha512sum shred shuf sleep sort split ss stat stdbuf
stty su sum sync tac tail tar taskset tee test timeout top touch tput tr true truncate tsort tty
umount uname unexpand uniq unlink unshare unxz uptime users vdir vmstat w wall watch wc whereis
which who whoami xargs xz xzcat yes zcat zgrep
"""
HOST: Final = frozenset(_HOST.split())
"""What lies in /usr/bin of a Debian host (essential packages, procps, docker); `sbin` below."""

_HOST_ADMIN = """
adduser addgroup blkid chpasswd dockerd containerd fdisk fsck fsfreeze fstrim groupadd groupdel
ifconfig ldconfig losetup mke2fs mkfs mkswap modprobe pivot_root runc service swapoff swapon
sysctl useradd userdel usermod
"""
HOST_ADMIN: Final = frozenset(_HOST_ADMIN.split())
"""What lies in /usr/sbin of the host."""

_ELSEWHERE = """
alias apk apt apt-cache apt-get ansible aria2c at bc btrfs buildah bzip2recover cargo cc chattr
chronyc cmake code cpio crictl crontab ctr curl dig dive dnf docker-compose dockerd-rootless.sh
ed emacs ethtool expect fakeroot file fio g++ gcc gdb getfacl git go gpg helm host htop httpd
iostat iotop iptables java jq journalctl k3s kind kubectl less lsattr lua make man mariadb-dump
mc minikube mkfs.ext4 mongod mongodump mongosh mysql mysqld mysqldump nano nc ncat nerdctl
netcat netstat nft nginx nmap node npm npx openssl parallel patch perl php pip pip3 podman
postgres psql pg_dump pg_restore pv pwsh python python3 redis-cli redis-server ruby rsync rustc
screen scp setfacl sftp shellcheck skopeo socat sqlite3 ssh ssh-keygen strace strings sudo
systemctl systemd-run tcpdump telnet time tmux traceroute tree unzip uuidgen vi vim wget wipe xxd yq
yum zfs zip zpool zsh zstd
"""
ELSEWHERE: Final = frozenset(_ELSEWHERE.split())
"""What people type although their machine may lack it; refused rather than `not found`."""

_BUSYBOX = """
[ [[ acpid adjtimex ar arch arp arping ascii ash awk base64 basename bc blkdiscard blockdev
brctl bunzip2 busybox bzcat bzip2 cal cat chgrp chmod chown chroot chvt clear cmp cp cpio crc32
crond crontab cttyhack cut date dc dd deallocvt depmod devmem df diff dirname dmesg
dnsdomainname dos2unix dpkg dpkg-deb du dumpkmap dumpleases echo ed egrep env expand expr factor
fallocate false fatattr fdisk fgrep find findfs fold free freeramdisk fsfreeze fstrim ftpget
ftpput getopt getty grep groups gunzip gzip halt head hexdump hostid hostname httpd hwclock
i2cdetect i2cdump i2cget i2cset i2ctransfer id ifconfig ifdown ifup init insmod ionice ip ipcalc
ipneigh kill killall klogd last less link linux32 linux64 linuxrc ln loadfont loadkmap logger
login logname logread losetup ls lsmod lsscsi lzcat lzma lzop md5sum mdev microcom mim mkdir
mkdosfs mke2fs mkfifo mknod mkpasswd mkswap mktemp modinfo modprobe more mount mt mv nameif nc
netstat nl nologin nproc nsenter nslookup nuke od openvt partprobe passwd paste patch pidof ping
ping6 pivot_root poweroff printf ps pwd rdate readlink realpath reboot renice reset resume rev
rm rmdir rmmod route rpm rpm2cpio run-init run-parts sed seq setkeycodes setpriv setsid sh
sha1sum sha256sum sha3sum sha512sum shred shuf sleep sort ssl_client start-stop-daemon stat
strings stty su sulogin svc svok swapoff swapon switch_root sync sysctl syslogd tac tail tar
taskset tc tee telnet telnetd test tftp time timeout top touch tr traceroute traceroute6 true
truncate ts tty tunctl ubirename udhcpc udhcpd uevent umount uname uncompress unexpand uniq
unix2dos unlink unlzma unshare unxz unzip uptime usleep uudecode uuencode vconfig vi w watch
watchdog wc wget which who whoami xargs xxd xz xzcat yes zcat
"""
BUSYBOX: Final = frozenset(_BUSYBOX.split())
"""The applets of Debian's busybox-static 1.35.0 (`busybox --list`)."""
