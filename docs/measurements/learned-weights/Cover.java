package org.ttm4j.forecast.combine;
import java.io.*;
import java.time.*;
import java.util.*;
import org.ttm4j.forecast.*;

/** Same windows as Dump, groups Y, Q, M (and others by args[3]); quantiles under variants. */
public class Cover extends Dump {
    static Combination.Result result; static int measured; static PrintWriter out;
    static String only;
    static Object[][] VARIANTS = {
        {"today"}, {"te.6", "te", .6}, {"t6.9", "t6", .9}, {"tn4", "tn", 4.}, {"tn6", "tn", 6.}, {"tn8", "tn", 8.}, {"tn10", "tn", 10.}, {"tn12", "tn", 12.}};
    public static void main(String[] a) throws Exception {
        only = a[3];
        out = new PrintWriter(a[0] + ".cover.csv");
        out.println("set,group,rows,measured,variant,mae,pin,cov,n,width");
        Combination.HOOK2 = (r, m) -> { result = r; measured = m; };
        SINK = Cover::score;
        ONLY = g -> only.indexOf(g.charAt(0)) >= 0 && !g.equals("Qn");
        Dump.main(a);
        out.close();
    }
    static double eff(Combination.Result r) { double st = r.past().residuals().stream().mapToInt(w -> w.length).max().orElse(1); return Math.max(1, measured / st); }
    static void score(String set, String group, double[] h, double[] truth, double scale) {
        double[] l = new double[9];
        if (result.values().length != truth.length) return;
        Combination.Result r0 = result;
        for (Object[] v : VARIANTS) {
            Spread.GROWTH = .3; Spread.C_T = 0; Spread.C_N = 0; Spread.TAIL = 0; Spread.ONCE = false; Spread.NOSEASON = 0; Spread.MEASURED = measured;
            String k = v.length > 1 ? (String) v[1] : "";
            double x = v.length > 1 ? (double) v[2] : 0;
            boolean s1 = r0.past().season() == 1;
            switch (k) {
                case "once" -> Spread.ONCE = true;
                case "t6" -> Spread.TAIL = x * Math.max(0, 1 / eff(r0) - 1 / 6.0);
                case "t6ct" -> { Spread.TAIL = x * Math.max(0, 1 / eff(r0) - 1 / 6.0); Spread.C_T = .05; }
                case "tn" -> Spread.TAIL = x / (x + measured);
                case "te" -> Spread.TAIL = x / eff(r0);
                case "tect" -> { Spread.TAIL = x / eff(r0); Spread.C_T = .1; }
                case "tect2" -> { Spread.TAIL = x / eff(r0); Spread.C_T = .2; }
                case "teonce" -> { Spread.TAIL = x / eff(r0); Spread.ONCE = true; }
                case "tens" -> { Spread.TAIL = x / eff(r0); Spread.NOSEASON = .1; }
                case "ct" -> Spread.C_T = x;
                case "cn" -> Spread.C_N = x;
                case "g" -> Spread.GROWTH = x;
                case "gs" -> Spread.GROWTH = s1 ? x : .3;
                case "gsct" -> { Spread.GROWTH = s1 ? x : .3; Spread.C_T = .1; }
                case "gsct2" -> { Spread.GROWTH = s1 ? x : .3; Spread.C_T = .2; }
                case "gsns" -> { Spread.GROWTH = s1 ? x : .3; Spread.NOSEASON = .1; }
                case "ns" -> Spread.NOSEASON = x;
                case "tail" -> Spread.TAIL = x;
                default -> { }
            }
            double[] abs = r0.past().absoluteErrors(truth.length);
            double mae = 0, pin = 0, cov = 0, width = 0; int n = 0;
            double[][] q = new double[10][];
            for (int i = 1; i < 10; i++) q[i] = Spread.quantiles(i / 10., r0.values(), abs, r0.ofModel(), r0.modelShare(), r0.lower());
            for (int t = 0; t < truth.length; t++) {
                double y = truth[t];
                if (Double.isNaN(y)) continue;
                n++;
                mae += Math.abs(y - r0.values()[t]);
                if (y >= q[1][t] && y <= q[9][t]) cov++;
                width += q[9][t] - q[1][t];
                for (int i = 1; i < 10; i++) { double d = y - q[i][t]; pin += 2 * Math.max(i / 10. * d, (i / 10. - 1) * d) / 9; }
            }
            out.printf(Locale.ROOT, "%s,%s,%d,%d,%s,%.6g,%.6g,%.5f,%d,%.6g%n", set, group, h.length, measured, v[0], mae / n / scale, pin / n / scale, cov / n, n, width / n / scale);
        }
        out.flush();
    }
}
