import java.io.*;
import java.nio.file.*;
import java.time.*;
import java.time.temporal.*;
import java.util.*;
import java.util.zip.*;
import org.ttm4j.forecast.*;

public class Gaps2 {
    record Window(String set, String id, double[] history, double[] truth, TemporalAmount frequency, int season) {}

    static final String ROOT = "/work/shared/data/pretrain/";

    public static void main(String[] args) throws Exception {
        Set<String> kinds = new HashSet<>(Arrays.asList(args[1].split(",")));
        boolean logs = args.length > 2 && args[2].contains("logs");
        List<Window> windows = new ArrayList<>();
        if (kinds.contains("native")) nativeSets(windows);
        if (kinds.contains("sums")) sums(windows);
        if (kinds.contains("growing")) growing(windows, 1);
        if (kinds.contains("short")) for (var g : org.ttm4j.data.synthetic.ShortSeries.groups()) for (int i = 0; i < 20; i++) {
            float[] f = org.ttm4j.data.synthetic.ShortSeries.draw(g, 1, i);
            double[] y = new double[f.length];
            for (int t = 0; t < y.length; t++) y[t] = f[t];
            windows.add(new Window("S:" + g.name() + g.rows(), "" + i, Arrays.copyOf(y, g.rows()), Arrays.copyOfRange(y, g.rows(), y.length), g.frequency(), g.season()));
        }
        if (kinds.contains("fine")) fine(windows);
        if (args.length > 2 && args[2].startsWith("dump=")) { dump(windows, args[2].substring(5)); return; }
        Map<ForecastRequest, ForecastResult> cache = new HashMap<>();
        ModelForecaster model = Forecaster.bundled().fast();
        ModelForecaster cached = (ModelForecaster) java.lang.reflect.Proxy.newProxyInstance(Gaps2.class.getClassLoader(), new Class<?>[]{ModelForecaster.class}, (p, m, a) -> {
            if (m.getName().equals("fast")) return p;
            if (!m.getName().equals("forecastAll")) {
                try { return m.invoke(model, a); } catch (java.lang.reflect.InvocationTargetException e) { throw e.getCause(); }
            }
            List<ForecastRequest> all = (List<ForecastRequest>) a[0];
            List<ForecastRequest> missing = all.stream().filter(r -> !cache.containsKey(r)).distinct().toList();
            List<ForecastResult> made = model.forecastAll(missing);
            for (int i = 0; i < missing.size(); i++) cache.put(missing.get(i), made.get(i));
            return all.stream().map(cache::get).toList();
        });
        Forecaster forecaster = ForecastMode.BALANCED.around(cached);
        String[] variants = args[2].split(",");
        PrintWriter[] outs = new PrintWriter[variants.length];
        for (int v = 0; v < outs.length; v++) {
            outs[v] = new PrintWriter("o." + args[0] + "." + variants[v] + "." + args[1]);
            outs[v].println("set,id,rows,mae,naive,mase,pinball,naivemae2,covered,steps,width");
        }
        for (int at = 0; at < windows.size(); at += 50) {
            List<Window> batch = windows.subList(at, Math.min(windows.size(), at + 50));
            List<ForecastRequest> requests = new ArrayList<>();
            for (Window w : batch) requests.add(request(w, w.history));
            cache.clear();
            for (int v = 0; v < outs.length; v++) {
                System.setProperty("x", variants[v]);
                List<ForecastResult> results = forecaster.forecastAll(requests);
                for (int i = 0; i < batch.size(); i++) {
                    Forecast f = results.get(i).orElseThrow();
                    score(outs[v], batch.get(i), f.doubleValues()[0], f);
                }
            }
        }
        for (PrintWriter o : outs) o.close();
    }

    static ForecastRequest request(Window w, double[] history) {
        return ForecastRequest.of(new double[][]{history}).withFrequency(w.frequency).withHorizon(w.truth.length)
                .withQuantiles(.1, .2, .3, .4, .5, .6, .7, .8, .9);
    }

    static void score(PrintWriter out, Window w, double[] forecast, Forecast f) {
        int n = 0; double mae = 0, naive = 0, pin = 0; int covered = 0; double width = 0;
        double scale = scale(w.history, w.season);
        double[] q1 = f.doubleQuantile(.1)[0], q9 = f.doubleQuantile(.9)[0];
        for (int h = 0; h < w.truth.length; h++) {
            double y = w.truth[h];
            if (Double.isNaN(y)) continue;
            int t = w.history.length + h % w.season - w.season;
            while (t >= 0 && Double.isNaN(w.history[t])) t -= w.season;
            double last = t >= 0 ? w.history[t] : mean(w.history);
            n++;
            mae += Math.abs(y - forecast[h]);
            naive += Math.abs(y - last);
            if (y >= q1[h] && y <= q9[h]) covered++;
            width += q9[h] - q1[h];
            for (int q = 1; q <= 9; q++) {
                double v = f.doubleQuantile(q / 10.0)[0][h], d = y - v;
                pin += 2 * Math.max(q / 10.0 * d, (q / 10.0 - 1) * d) / 9;
            }
        }
        if (n == 0 || !(scale > 0)) return;
        out.printf(Locale.ROOT, "%s,%s,%d,%.6g,%.6g,%.6g,%.6g,%.6g,%d,%d,%.6g%n", w.set, w.id, w.history.length, mae / n, naive / n,
                mae / n / scale, pin / n / scale, naive / n / scale, covered, n, width / n / scale);
    }

    static double[] log(double[] v) { return Arrays.stream(v).map(x -> x > 0 ? Math.log(x) : 0).toArray(); }

    static double mean(double[] v) { return Arrays.stream(v).filter(x -> !Double.isNaN(x)).average().orElse(0); }

    static double scale(double[] v, int m) {
        double s = 0; int n = 0;
        for (int t = m; t < v.length; t++) {
            double d = Math.abs(v[t] - v[t - m]);
            if (!Double.isNaN(d)) { s += d; n++; }
        }
        return n == 0 ? Double.NaN : s / n;
    }

    /** One file: times and channels. */
    record Table(LocalDateTime[] times, String[] names, double[][] channels) {}

    static Table read(String file) throws IOException {
        try (BufferedReader in = new BufferedReader(new InputStreamReader(new GZIPInputStream(new FileInputStream(ROOT + file))))) {
            String[] head = in.readLine().split(",");
            List<double[]> rows = new ArrayList<>();
            List<LocalDateTime> times = new ArrayList<>();
            for (String line; (line = in.readLine()) != null;) {
                String[] cells = line.split(",", -1);
                String t = cells[0];
                times.add(t.length() == 10 ? LocalDate.parse(t).atStartOfDay() : LocalDateTime.parse(t.replace(' ', 'T')));
                double[] row = new double[head.length - 1];
                for (int c = 0; c < row.length; c++) row[c] = c + 1 >= cells.length || cells[c + 1].isEmpty() ? Double.NaN : Double.parseDouble(cells[c + 1]);
                rows.add(row);
            }
            double[][] channels = new double[head.length - 1][rows.size()];
            for (int t = 0; t < rows.size(); t++) for (int c = 0; c < channels.length; c++) channels[c][t] = rows.get(t)[c];
            return new Table(times.toArray(LocalDateTime[]::new), Arrays.copyOfRange(head, 1, head.length), channels);
        }
    }

    static double[] trim(double[] v) {
        int a = 0, b = v.length;
        while (a < b && Double.isNaN(v[a])) a++;
        while (b > a && Double.isNaN(v[b - 1])) b--;
        return Arrays.copyOfRange(v, a, b);
    }

    /** Windows of a set evenly over its series, at the second half of each. */
    static void windows(List<Window> out, String set, Map<String, double[]> series, TemporalAmount frequency, int season, int horizon, int least, int most) {
        List<Object[]> starts = new ArrayList<>();
        for (var e : series.entrySet()) {
            double[] v = trim(e.getValue());
            int first = Math.max(least, (v.length - horizon) / 2);
            for (int end = first; end + horizon <= v.length; end++) starts.add(new Object[]{e.getKey(), v, end});
        }
        double stride = Math.max(1, (double) starts.size() / most);
        for (double i = stride / 2; i < starts.size(); i += stride) {
            Object[] s = starts.get((int) i);
            double[] v = (double[]) s[1];
            int end = (int) s[2];
            double[] h = Arrays.copyOfRange(v, Math.max(0, end - 2048), end);
            if (Double.isNaN(h[h.length - 1])) continue;
            if (System.getProperty("gaps") != null) {
                Random r = new Random(out.size());
                int gaps = 1 + r.nextInt(4);
                for (int k = 0; k < gaps; k++) {
                    int len = Math.min(h.length / 6, Math.max(2, (int) (season * new double[]{.3, .6, 1, 3}[r.nextInt(4)])));
                    int from = h.length - 2 - len - r.nextInt(Math.min(h.length - len - 10, 14 * season));
                    if (from > 5) Arrays.fill(h, from, from + len, Double.NaN);
                }
            }
            out.add(new Window(set, s[0] + "@" + end, h, Arrays.copyOfRange(v, end, end + horizon), frequency, season));
        }
    }

    static final String[][] NATIVE = {
        {"us_gasoline", "w", "weekly"}, {"weekly_deaths", "w", "by_country_mon", "by_country_sun"}, {"la_pollution_mortality", "w", "weekly"}, {"ansett", "w", "weekly"},
        {"aus_retail", "m", "monthly"}, {"aus_births", "m", "monthly"}, {"txhousing", "m", "sales_monthly"}, {"manaus_river", "m", "monthly"}, {"spain_fuel", "m", "monthly"}, {"aus_travel", "m", "aus_inbound_monthly"}};

    static void nativeSets(List<Window> out) throws IOException {
        for (String[] s : NATIVE) {
            Map<String, double[]> series = new LinkedHashMap<>();
            for (int f = 2; f < s.length; f++) {
                Table t = read(s[0] + "/" + s[f] + ".csv.gz");
                for (int c = 0; c < t.names.length; c++) series.put(s[f] + "/" + t.names[c], t.channels[c]);
            }
            boolean weekly = s[1].equals("w");
            windows(out, (weekly ? "W:" : "M:") + s[0], series, weekly ? Duration.ofDays(7) : Period.ofMonths(1), weekly ? 52 : 12, weekly ? 13 : 12, weekly ? 104 : 24, 50);
        }
    }

    static final String[][] FINE = {{"gefcom2014_load", "l"}, {"ontario_ieso", "demand_price"}, {"lamprey_river_15min", "discharge"}, {"vic_elec", "halfhour"}, {"london_bloomsbury_air", "bloomsbury"}, {"nn5", "daily"}, {"irish_wind_daily", "wind"}, {"us_births", "daily1969_1988", "daily1994_2003", "daily2000_2014"}, {"seoul_bike_hourly", "demand_weather"}, {"europe_load_15min_2015", "at_ch_nl"}};

    static void fine(List<Window> out) throws IOException {
        for (String[] s : FINE) {
            Map<String, double[]> series = new LinkedHashMap<>();
            Duration step = null;
            for (int f = 1; f < s.length; f++) {
                Table t = read(s[0] + "/" + s[f] + ".csv.gz");
                step = Duration.between(t.times[0], t.times[1]);
                for (int c = 0; c < t.names.length; c++) series.put(s[f] + "/" + t.names[c], t.channels[c]);
            }
            boolean daily = step.toDays() >= 1;
            windows(out, (daily ? "D:" : "H:") + s[0], series, step, daily ? 7 : (int) (86400 / step.toSeconds()), daily ? 30 : 48, 560, 60);
        }
    }

    static void sums(List<Window> out) throws IOException {
        String[] names = {"Month", "Quarter", "Year"};
        int[] months = {1, 3, 12};
        int[] seasons = {12, 4, 1};
        int[] horizons = {12, 8, 6};
        int[] leasts = {24, 12, 10};
        List<String[]> all = new ArrayList<>();
        all.addAll(Arrays.asList(FINE));
        for (String[] s : NATIVE) { List<String> l = new ArrayList<>(List.of(s[0])); l.addAll(Arrays.asList(s).subList(2, s.length)); all.add(l.toArray(String[]::new)); }
        for (String[] s : all) {
            for (int k = 0; k < 3; k++) {
                Map<String, double[]> series = new LinkedHashMap<>();
                boolean monthly = false;
                for (int f = 1; f < s.length; f++) {
                    Table t = read(s[0] + "/" + s[f] + ".csv.gz");
                    Duration step = Duration.between(t.times[0], t.times[1]);
                    monthly = step.toDays() > 20;
                    for (int c = 0; c < t.names.length; c++) {
                        double[] sum = sum(t, c, months[k], step);
                        if (sum != null) series.put(s[f] + "/" + t.names[c], sum);
                    }
                }
                if (monthly && k == 0) continue;
                windows(out, names[k] + ":" + s[0], series, Period.ofMonths(months[k]), seasons[k], horizons[k], leasts[k], 30);
            }
        }
    }

    /** Sums over whole calendar periods; a period with more than a fifth missing is missing. */
    static double[] sum(Table t, int c, int months, Duration step) {
        TreeMap<Integer, double[]> periods = new TreeMap<>();
        for (int i = 0; i < t.times.length; i++) {
            int month = t.times[i].getYear() * 12 + t.times[i].getMonthValue() - 1;
            double[] of = periods.computeIfAbsent(month / months, none -> new double[2]);
            if (Double.isNaN(t.channels[c][i])) continue;
            of[0] += t.channels[c][i];
            of[1]++;
        }
        if (periods.size() < 3) return null;
        double full = periods.values().stream().mapToDouble(p -> p[1]).max().orElse(0);
        if (full == 0) return null;
        boolean monthly = step.toDays() > 20;
        double[] sums = new double[periods.lastKey() - periods.firstKey() + 1];
        Arrays.fill(sums, Double.NaN);
        for (var e : periods.entrySet()) {
            double n = e.getValue()[1];
            if (n >= (monthly ? full : .8 * full)) sums[e.getKey() - periods.firstKey()] = monthly ? e.getValue()[0] : e.getValue()[0];
        }
        return sums;
    }

    static final String[] TRENDS = {"none", "linear", "damped", "exponential", "broken"};

    /** Level 100; season of a tenth to a half of it, additive or multiplicative; trend; noise. */
    static void growing(List<Window> out, long seed) {
        Object[][] freq = {{Period.ofYears(1), 1, 6, new int[]{12, 25, 60}}, {Period.ofMonths(3), 4, 8, new int[]{20, 48, 120}}, {Period.ofMonths(1), 12, 12, new int[]{36, 72, 144, 400}}};
        for (Object[] f : freq) {
            int season = (int) f[1], horizon = (int) f[2];
            for (int rows : (int[]) f[3]) {
                for (String trend : TRENDS) {
                    for (boolean times : new boolean[]{false, true}) {
                        for (int i = 0; i < 6; i++) {
                            SplittableRandom r = new SplittableRandom(seed * 1000003 + season * 7919L + rows * 31L + trend.hashCode() * 17L + (times ? 5 : 0) + i * 104729L);
                            for (int k = 0; k < 5; k++) r.nextLong();
                            double[] y = growing(season, rows, horizon, trend, times, r);
                            out.add(new Window("G:" + trend + (season == 1 && times ? "*noise" : times ? "*season" : "+season") + ":" + season, rows + "/" + i,
                                    Arrays.copyOf(y, rows), Arrays.copyOfRange(y, rows, rows + horizon), (TemporalAmount) f[0], season));
                        }
                    }
                }
            }
        }
    }

    static double[] growing(int season, int rows, int horizon, String trend, boolean times, SplittableRandom r) {
        double[] shape = new double[season];
        double amplitude = r.nextDouble(.1, .5), shift = r.nextDouble() * 6.28, shift2 = r.nextDouble() * 6.28;
        for (int p = 0; p < season; p++) shape[p] = season == 1 ? 0 : amplitude * (Math.sin(2 * Math.PI * p / season + shift) * .7 + Math.sin(4 * Math.PI * p / season + shift2) * .5);
        double noise = r.nextDouble(.01, .08), growth = r.nextDouble(.5, 3), drift = r.nextDouble(.005, .02);
        int sign = r.nextInt(4) == 0 ? -1 : 1;
        double turn = r.nextDouble(.4, .8);
        double slope2 = r.nextDouble(-.5, 1.5) ;
        double[] y = new double[rows + horizon];
        double wander = 0;
        for (int t = 0; t < y.length; t++) {
            double u = (double) t / rows;
            double level = switch (trend) {
                case "none" -> 1;
                case "linear" -> sign > 0 ? 1 + growth * u : Math.max(.2, 1 + growth - growth * u * .7);
                case "damped" -> 1 + growth * (1 - Math.exp(-3 * u));
                case "exponential" -> sign > 0 ? Math.pow(1 + growth, u * 1.3) : Math.pow(1 + growth, 1 - u);
                default -> u < turn ? 1 + growth * u : Math.max(.2, 1 + growth * turn + slope2 * growth * (u - turn));
            };
            wander += r.nextGaussian() * noise * .3;
            double e = r.nextGaussian() * noise + wander;
            y[t] = 100 * (times ? level * (1 + shape[t % season]) * Math.exp(e) : level + shape[t % season] + e);
            y[t] = Math.max(y[t], 1);
        }
        return y;
    }

    static void dump(List<Window> windows, String file) throws IOException {
        try (PrintWriter out = new PrintWriter(file)) {
            for (Window w : windows) {
                StringBuilder b = new StringBuilder(w.set + "," + w.id + "," + w.season + "," + w.history.length + "," + w.truth.length);
                for (double v : w.history) b.append(',').append(Double.isNaN(v) ? "NA" : String.format(Locale.ROOT, "%.8g", v));
                for (double v : w.truth) b.append(',').append(Double.isNaN(v) ? "NA" : String.format(Locale.ROOT, "%.8g", v));
                out.println(b);
            }
        }
    }
}
