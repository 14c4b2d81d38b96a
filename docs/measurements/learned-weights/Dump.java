package org.ttm4j.forecast.combine;
import java.io.*;
import java.nio.*;
import java.nio.file.*;
import java.time.*;
import java.time.temporal.*;
import java.util.*;
import java.util.zip.*;
import org.ttm4j.forecast.*;
import org.ttm4j.forecast.combine.*;

public class Dump {
    static final String ROOT = "/work/shared/data/";
    record Table(LocalDateTime[] times, String[] names, double[][] channels, double seconds) {}
    static DataOutputStream bin;
    static PrintWriter meta;
    static Forecaster forecaster = ForecastMode.BALANCED.around((ModelForecaster) Forecaster.bundled().fast());
    static Object[] last;
    static int count;

    public static void main(String[] args) throws Exception {
        // args: out role cap
        bin = new DataOutputStream(new BufferedOutputStream(new FileOutputStream(args[0] + ".bin"), 1 << 20));
        meta = new PrintWriter(args[0] + ".csv");
        meta.println("set,group,id,rows,season,steps,members,origins,originsteps,measured,giveway,naive,scale,cseason,names");
        int cap = Integer.parseInt(args[2]);
        Combination.HOOK = o -> last = o;
        Map<String, String> roles = new HashMap<>();
        for (String l : Files.readAllLines(Path.of("/work/h/a/eval/src/main/resources/org/ttm4j/eval/pretraining/sets.csv"))) {
            String[] c = l.split(",");
            roles.put(c[0], c[1]);
        }
        Map<String, List<String>> files = new TreeMap<>();
        try (BufferedReader in = Files.newBufferedReader(Path.of(ROOT + "MANIFEST.csv"))) {
            in.readLine();
            for (String l; (l = in.readLine()) != null;) {
                String[] c = l.split(",");
                if (!c[0].equals("pretrain")) continue;
                if (!args[1].equals(roles.get(c[1]))) continue;
                files.computeIfAbsent(c[1], n -> new ArrayList<>()).add(c[2]);
            }
        }
        System.err.println(files.size() + " sets");
        for (var e : files.entrySet()) {
            long t0 = System.nanoTime();
            int before = count;
            try { set(e.getKey(), e.getValue(), cap); } catch (Exception x) { System.err.println(e.getKey() + " " + x); x.printStackTrace(); }
            System.err.printf("%s: %d windows, %.1f s%n", e.getKey(), count - before, (System.nanoTime() - t0) / 1e9);
            meta.flush(); bin.flush();
        }
        meta.close(); bin.close();
    }

    static void set(String set, List<String> files, int cap) throws Exception {
        Random random = new Random(set.hashCode());
        Collections.shuffle(files, random);
        Map<String, Map<String, double[]>> groups = new TreeMap<>();
        Map<String, double[]> specs = new HashMap<>();
        int channels = 0;
        for (String f : files) {
            if (channels > 120) break;
            Table t = read(f, random, Math.max(8, 48 / files.size()));
            channels += t.names.length;
            double s = t.seconds;
            boolean monthly = s > 20 * 86400 && s < 60 * 86400, weekly = s == 7 * 86400, daily = s == 86400;
            for (int c = 0; c < t.names.length; c++) {
                String id = f.substring(f.lastIndexOf('/') + 1).replace(".csv.gz", "") + "/" + t.names[c].replace(',', ' ').replace(';', ' ');
                double[] v = t.channels[c];
                if (monthly) put(groups, "Mn", id, v);
                else if (weekly) put(groups, "Wn", id, v);
                else if (daily) put(groups, "Dn", id, v);
                else if (s < 86400) {
                    String g = s >= 3600 ? "Hn" : s >= 600 ? "Qn" : "Fn";
                    g = g + (int) s;
                    put(groups, g, id, v);
                    put(groups, "Ds", id, sum(t, c, 0));
                }
                if (s < 7 * 86400) put(groups, "Ws", id, sum(t, c, -1));
                if (!monthly && s < 20 * 86400) put(groups, "Ms", id, sum(t, c, 1));
                if (s < 60 * 86400) { put(groups, "Qs", id, sum(t, c, 3)); put(groups, "Ys", id, sum(t, c, 12)); }
            }
        }
        for (var g : groups.entrySet()) {
            String k = g.getKey();
            TemporalAmount fr; int season, h, least;
            switch (k.charAt(0)) {
                case 'Y' -> { fr = Period.ofYears(1); season = 1; h = 6; least = 10; }
                case 'Q' -> { if (k.equals("Qs")) { fr = Period.ofMonths(3); season = 4; h = 8; least = 12; } else { int s = Integer.parseInt(k.substring(2)); fr = Duration.ofSeconds(s); season = 86400 / s; h = season / 2 > 72 ? 72 : season; least = 3 * season; } }
                case 'M' -> { fr = Period.ofMonths(1); season = 12; h = 12; least = 30; }
                case 'W' -> { fr = Duration.ofDays(7); season = 52; h = 13; least = 60; }
                case 'D' -> { fr = Duration.ofDays(1); season = 7; h = 28; least = 60; }
                case 'H' -> { int s = Integer.parseInt(k.substring(2)); fr = Duration.ofSeconds(s); season = 86400 / s; h = 2 * season; least = 10 * season; }
                default -> { continue; }
            }
            windows(set, k.length() > 2 ? k.substring(0, 2) : k, g.getValue(), fr, season, h, least, k.charAt(0) == 'H' || k.startsWith("Qn") ? cap / 2 : cap, random);
        }
    }

    static void put(Map<String, Map<String, double[]>> groups, String g, String id, double[] v) {
        if (v != null) groups.computeIfAbsent(g, n -> new LinkedHashMap<>()).put(id, v);
    }

    static void windows(String set, String group, Map<String, double[]> series, TemporalAmount fr, int season, int horizon, int least, int cap, Random random) throws IOException {
        List<Object[]> starts = new ArrayList<>();
        for (var e : series.entrySet()) {
            double[] v = trim(e.getValue());
            for (int end = least; end + horizon <= v.length; end++) {
                if (!Double.isNaN(v[end - 1])) starts.add(new Object[]{e.getKey(), v, end});
            }
        }
        if (starts.isEmpty()) return;
        double stride = Math.max(1, (double) starts.size() / cap);
        for (double i = stride * random.nextDouble(); i < starts.size(); i += stride) {
            Object[] s = starts.get((int) i);
            double[] v = (double[]) s[1];
            int end = (int) s[2];
            int length = Math.min(2048, end);
            if (random.nextInt(3) == 0) length = (int) (least * Math.pow((double) length / least, random.nextDouble()));
            double[] h = Arrays.copyOfRange(v, end - length, end);
            double[] truth = Arrays.copyOfRange(v, end, end + horizon);
            if (observed(truth) * 2 < horizon || observed(h) * 10 < 7 * length) continue;
            int m = 2 * season <= length ? season : 1;
            double scale = scale(h, m);
            if (!(scale > 1e-9 * (1e-30 + Math.abs(mean(h))))) continue;
            double naive = naive(h, truth, m);
            if (!(naive > 0)) continue;
            last = null;
            Forecast f = forecaster.forecast(ForecastRequest.of(new double[][]{h}).withFrequency(fr).withHorizon(horizon).withQuantiles(.1, .9));
            write(set, group, s[0] + "@" + end, h, truth, m, scale, naive, f);
        }
    }

    static void write(String set, String group, String id, double[] h, double[] truth, int m, double scale, double naive, Forecast f) throws IOException {
        List<?> members = (List<?>) last[0];
        double[][] fc = (double[][]) last[1];
        double[][][] errors = (double[][][]) last[2];
        double[] prior = (double[]) last[3];
        double[][] weights = (double[][]) last[4];
        int M = fc.length, H = truth.length;
        double[] made = (double[]) last[8];
        if (made.length != H) return;
        int W = errors.length == 0 ? 0 : errors[0].length;
        int S = 0;
        for (double[][] e : errors) for (double[] w : e) S = Math.max(S, w.length);
        StringJoiner names = new StringJoiner(";");
        for (Object o : members) {
            boolean log = o instanceof OnLogarithms;
            Object of = log ? ((OnLogarithms) o).member() : o;
            String n = of.getClass().getSimpleName();
            if (of instanceof ModelAlone a && a.recent()) n += "Recent";
            if (of instanceof SeasonalNaive a) n += a.season() == 1 ? "1" : "S";
            names.add((log ? "log:" : "") + n + "=" + ((Member) of).name().replace(',', ' ').replace(';', ' '));
        }
        meta.printf(Locale.ROOT, "%s,%s,%s,%d,%d,%d,%d,%d,%d,%d,%b,%.8g,%.8g,%d,%s%n", set, group, id, h.length, m, H, M, W, S, (int) last[5], (boolean) last[6], naive, scale, (int) last[7], names);
        int L = Math.min(h.length, 400);
        bin.writeInt(L);
        floats(Arrays.copyOfRange(h, h.length - L, h.length), scale);
        floats(truth, scale);
        floats(f.doubleQuantile(.1)[0], scale);
        floats(f.doubleQuantile(.9)[0], scale);
        floats(made, scale);
        floats(prior, 1);
        for (double[] x : fc) floats(x, scale);
        for (double[][] e : errors) for (double[] w : e) {
            double[] p = Arrays.copyOf(w, S);
            Arrays.fill(p, w.length, S, Double.NaN);
            floats(p, scale);
        }
        count++;
    }

    static void floats(double[] v, double scale) throws IOException {
        for (double x : v) bin.writeFloat((float) (x / scale));
    }

    static int observed(double[] v) { return (int) Arrays.stream(v).filter(x -> !Double.isNaN(x)).count(); }
    static double mean(double[] v) { return Arrays.stream(v).filter(x -> !Double.isNaN(x)).average().orElse(0); }
    static double scale(double[] v, int m) {
        double s = 0; int n = 0;
        for (int t = m; t < v.length; t++) { double d = Math.abs(v[t] - v[t - m]); if (!Double.isNaN(d)) { s += d; n++; } }
        return n == 0 ? Double.NaN : s / n;
    }
    static double naive(double[] h, double[] truth, int m) {
        double s = 0; int n = 0;
        for (int k = 0; k < truth.length; k++) {
            if (Double.isNaN(truth[k])) continue;
            int t = h.length + k % m - m;
            while (t >= 0 && Double.isNaN(h[t])) t -= m;
            s += Math.abs(truth[k] - (t >= 0 ? h[t] : mean(h)));
            n++;
        }
        return s / n;
    }
    static double[] trim(double[] v) {
        int a = 0, b = v.length;
        while (a < b && Double.isNaN(v[a])) a++;
        while (b > a && Double.isNaN(v[b - 1])) b--;
        return Arrays.copyOfRange(v, a, b);
    }

    static Table read(String file, Random random, int most) throws IOException {
        try (BufferedReader in = new BufferedReader(new InputStreamReader(new GZIPInputStream(new FileInputStream(ROOT + file), 1 << 16)), 1 << 16)) {
            String[] head = in.readLine().split(",");
            List<Integer> columns = new ArrayList<>();
            for (int i = 1; i < head.length; i++) columns.add(i);
            Collections.shuffle(columns, random);
            columns = new ArrayList<>(columns.subList(0, Math.min(most, columns.size())));
            Collections.sort(columns);
            int[] at = new int[head.length];
            Arrays.fill(at, -1);
            for (int i = 0; i < columns.size(); i++) at[columns.get(i)] = i;
            int C = columns.size();
            List<double[]> rows = new ArrayList<>();
            List<LocalDateTime> times = new ArrayList<>();
            for (String line; (line = in.readLine()) != null;) {
                double[] row = new double[C];
                Arrays.fill(row, Double.NaN);
                int from = 0, column = 0;
                while (from <= line.length()) {
                    int to = line.indexOf(',', from);
                    if (to < 0) to = line.length();
                    if (column == 0) {
                        String t = line.substring(from, to);
                        times.add(t.length() == 10 ? LocalDate.parse(t).atStartOfDay() : LocalDateTime.parse(t.replace(' ', 'T')));
                    } else if (at[column] >= 0 && to > from) row[at[column]] = Double.parseDouble(line.substring(from, to));
                    from = to + 1;
                    column++;
                }
                rows.add(row);
            }
            double[][] channels = new double[C][rows.size()];
            for (int t = 0; t < rows.size(); t++) for (int c = 0; c < C; c++) channels[c][t] = rows.get(t)[c];
            String[] names = columns.stream().map(i -> head[i]).toArray(String[]::new);
            double seconds = Duration.between(times.get(0), times.get(1)).toSeconds();
            return new Table(times.toArray(LocalDateTime[]::new), names, channels, seconds);
        }
    }

    /** Means over whole calendar periods; months 0: day, −1: week. A period with more than a fifth missing is missing. */
    static double[] sum(Table t, int c, int months) {
        TreeMap<Integer, double[]> periods = new TreeMap<>();
        for (int i = 0; i < t.times.length; i++) {
            LocalDateTime at = t.times[i];
            int key = months == 0 ? (int) at.toLocalDate().toEpochDay() : months < 0 ? (int) Math.floorDiv(at.toLocalDate().toEpochDay() + 3, 7) : (at.getYear() * 12 + at.getMonthValue() - 1) / months;
            double[] of = periods.computeIfAbsent(key, none -> new double[2]);
            if (Double.isNaN(t.channels[c][i])) continue;
            of[0] += t.channels[c][i];
            of[1]++;
        }
        if (periods.size() < 12) return null;
        double full = periods.values().stream().mapToDouble(p -> p[1]).max().orElse(0);
        if (full == 0) return null;
        boolean monthly = t.seconds > 20 * 86400;
        double[] sums = new double[periods.lastKey() - periods.firstKey() + 1];
        Arrays.fill(sums, Double.NaN);
        for (var e : periods.entrySet()) {
            double n = e.getValue()[1];
            if (n >= (monthly ? full : .8 * full)) sums[e.getKey() - periods.firstKey()] = e.getValue()[0] / n * (months == 0 || months == -1 ? 1 : 1);
        }
        return sums;
    }
}
