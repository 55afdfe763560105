# SPDX-License-Identifier: GPL-2.0-or-later
#
# What restoring and listing cost by the size of the table. Needs the variables figures and picture.

set terminal svg size 960,420 dynamic enhanced font "sans-serif,15" background "white"
set output picture
set multiplot layout 1,2
set key top left reverse Left
set grid lc rgb "#d0d0d0"
set border lc rgb "#404040"
set xlabel "services, one server each"
set ylabel "milliseconds"
set xrange [0:*]
set yrange [0:*]
set xtics font ",12" format "%'g"
set ytics font ",12"
set style line 1 lc rgb "#0b61a4" lw 2.5 pt 7 ps 0.7
set style line 2 lc rgb "#d2691e" lw 2 dt 2 pt 5 ps 0.6

points(work, program) = sprintf("<grep '^%s %s ' '%s'", work, program, figures)

set title "ipvsadm -R"
plot points("curve-restore", "ours") using 3:($4/1e6) with linespoints ls 1 title "ipvsadm", \
     points("curve-restore", "bare") using 3:($4/1e6) with linespoints ls 2 title "bare netlink"
set title "ipvsadm -Ln"
plot points("curve-list", "ours") using 3:($4/1e6) with linespoints ls 1 title "ipvsadm", \
     points("curve-list", "bare") using 3:($4/1e6) with linespoints ls 2 title "bare netlink"
unset multiplot
