#!/bin/sh
# Makes this mount namespace a throw-away Docker host, then waits. Run by host.py as PID 1 of new mount and PID
# namespaces:  host.sh SCRATCH ENGINE_ROOT STORE DRIVER BACKING
# STORE is containerd or classic; BACKING is ext4 or btrfs. When this process ends, the kernel ends
# everything in its PID namespace and every mount goes with it.
set -eu
exec 3>&1 >&2 # what tools say is for the error text; only `ready` goes to the harness
scratch=$1 engine=$2 store=$3 driver=$4 backing=$5

mount -t tmpfs -o size=2g tmpfs "$scratch"
mkdir "$scratch/root" "$scratch/disk" "$scratch/system"
truncate -s 8G "$scratch/image"
case $backing in
btrfs) mkfs.btrfs -q "$scratch/image" ;;
*) mkfs.ext4 -q -E lazy_itable_init=1,lazy_journal_init=1 "$scratch/image" ;;
esac
mount -o loop "$scratch/image" "$scratch/disk"
mkdir "$scratch/disk/docker" "$scratch/disk/containerd"
# The host's own files lie on ext4 too, whatever Docker's lie on: ls -l and du tell what directories take.
case $backing in
ext4) mount --bind "$scratch/disk" "$scratch/system" ;;
*)
  truncate -s 8G "$scratch/image2"
  mkfs.ext4 -q -E lazy_itable_init=1,lazy_journal_init=1 "$scratch/image2"
  mount -o loop "$scratch/image2" "$scratch/system"
  ;;
esac
mkdir "$scratch/system/up" "$scratch/system/work" "$scratch/system/tmp"

# Empty home directories from the start: opaque ones, since deleting what this machine has there
# would make a whiteout for each file.
mkdir -m 700 "$scratch/system/up/root"
mkdir -m 755 "$scratch/system/up/srv"
for place in root srv; do
  python3 -c 'import os, sys; os.setxattr(sys.argv[1], "trusted.overlay.opaque", b"y")' "$scratch/system/up/$place"
done

new=$scratch/root
mount -t overlay overlay -o "lowerdir=/,upperdir=$scratch/system/up,workdir=$scratch/system/work" "$new"
mkdir -p "$new/var/lib/docker" "$new/var/lib/containerd" "$new/run" "$new/proc" "$new/sys" "$new/dev" "$new/.old"
mount --bind "$scratch/disk/docker" "$new/var/lib/docker"
mount --bind "$scratch/disk/containerd" "$new/var/lib/containerd"
mount -t proc proc "$new/proc"
mount --rbind /sys "$new/sys"
mount --rbind /dev "$new/dev"
mount -t tmpfs tmpfs "$new/run"
mount --bind "$scratch/system/tmp" "$new/tmp"
chmod 1777 "$new/tmp"
mkdir -p "$new/run/docgen" "$new/opt/engine"
mount --bind "$engine" "$new/opt/engine"
cd "$new"
# chroot is not enough: `docker exec` would enter the outer root.
pivot_root . .old
umount -l /.old
rmdir /.old

rm -f /usr/local/bin/docker
for program in /opt/engine/usr/bin/* /opt/engine/usr/sbin/*; do
  [ -e "$program" ] || continue
  ln -sf "$program" "/usr/bin/${program##*/}"
  ln -sf "$program" "/usr/sbin/${program##*/}"
done
mkdir -p /usr/libexec/docker
for plugins in /opt/engine/usr/libexec/docker /opt/engine/usr/lib/docker; do
  [ -d "$plugins" ] && cp -rs "$plugins/." /usr/libexec/docker/
done
# There is no bridge here, so RUN gets no network; the page stays as it is.
cat >/usr/local/bin/docker <<'WRAPPER'
#!/bin/sh
case "${1-} ${2-}" in
"build "*) shift; exec /usr/bin/docker build --network none "$@" ;;
"image build" | "buildx build" | "builder build") one=$1; shift 2; exec /usr/bin/docker "$one" build --network none "$@" ;;
esac
exec /usr/bin/docker "$@"
WRAPPER
chmod 755 /usr/local/bin/docker

# A network namespace of our own: nothing leaves the machine, and dockerd finds forwarding as it likes it.
ip link set lo up 2>/dev/null || true
echo 1 >/proc/sys/net/ipv4/ip_forward

mkdir -p /etc/docker
case $store in
containerd) features='{"containerd-snapshotter": true}' ;;
*) features='{"containerd-snapshotter": false}' ;;
esac
printf '{"features": %s, "storage-driver": "%s"}\n' "$features" "$driver" >/etc/docker/daemon.json
flags='--bridge none --iptables=false --ip6tables=false'
containerd --root /var/lib/containerd --state /run/containerd >/run/docgen/containerd.log 2>&1 &
while [ ! -S /run/containerd/containerd.sock ]; do sleep 0.05; done
# shellcheck disable=SC2086
dockerd $flags --containerd /run/containerd/containerd.sock >/run/docgen/dockerd.log 2>&1 &
until /usr/bin/docker info >/dev/null 2>/run/docgen/info.err; do
  kill -0 $! 2>/dev/null || { tail -5 /run/docgen/dockerd.log >&2; exit 1; }
  sleep 0.1
done
echo ready >&3
# The harness holds the other end of our standard input; its end is our end, whatever happened to it.
exec cat >/dev/null
