import java.io.*; import java.nio.file.*; import java.time.*; import java.util.*; import java.util.function.*; import java.util.stream.*;

public class Fq {
  interface Gen { double[] of(Random r, LocalDateTime[] t, int n); }
  record Kind(String name, String freq, int n, int h, int[] seasons, Gen gen, boolean counts) {}
  static List<Kind> kinds = new ArrayList<>();
  static void k(String name, String freq, int n, int h, int[] s, Gen g) { kinds.add(new Kind(name, freq, n, h, s, g, false)); }
  static int[] s(int... x) { return x; }
  static double g(Random r) { return r.nextGaussian(); }
  static double u(Random r, double a, double b) { return a + (b - a) * r.nextDouble(); }
  static double t(Random r, double df) { double z = g(r), c = 0; // df integer or half: chi2 by sums
    int m = (int) Math.round(df * 2); // use gamma via sum of exp: chi2_df ~ Gamma(df/2,2)
    // Bailey
    while (true) { double a = u(r,-1,1), b = u(r,-1,1), w = a*a+b*b; if (w > 1 || w == 0) continue; return a*Math.sqrt(df*(Math.pow(w,-2/df)-1)/w); } }
  static int pois(Random r, double l) { if (l <= 0) return 0; if (l > 60) return (int) Math.max(0, Math.round(l + Math.sqrt(l)*g(r))); double L = Math.exp(-l), p = 1; int k = 0; do { k++; p *= r.nextDouble(); } while (p > L); return k - 1; }
  static double gam(Random r, double a) { if (a < 1) return gam(r, a+1) * Math.pow(r.nextDouble(), 1/a); double d = a-1/3., c = 1/Math.sqrt(9*d); while (true) { double x = g(r), v = Math.pow(1+c*x,3); if (v <= 0) continue; if (Math.log(r.nextDouble()) < .5*x*x+d-d*v+d*Math.log(v)) return d*v; } }
  static LocalDateTime next(String f, LocalDateTime d) {
    switch (f) {
      case "Y": return d.plusYears(1); case "Q": return d.plusMonths(3); case "M": return d.plusMonths(1); case "W": return d.plusWeeks(1);
      case "D": return d.plusDays(1); case "H": return d.plusHours(1); case "15": return d.plusMinutes(15); case "10": return d.plusMinutes(10); case "30": return d.plusMinutes(30);
      case "B": d = d.plusDays(1); while (d.getDayOfWeek().getValue() > 5) d = d.plusDays(1); return d; }
    throw new RuntimeException(f);
  }
  static LocalDateTime[] times(Kind k, Random r) {
    LocalDateTime d;
    switch (k.freq) {
      case "Y": d = LocalDateTime.of(1990 + r.nextInt(8), 1, 1, 0, 0); break;
      case "Q": d = LocalDateTime.of(2004 + r.nextInt(8), 1 + 3*r.nextInt(4), 1, 0, 0); break;
      case "M": d = LocalDateTime.of(2005 + r.nextInt(8), 1 + r.nextInt(12), 1, 0, 0); break;
      default: d = LocalDateTime.of(2016, 1, 4, 0, 0).plusDays(r.nextInt(1400)); if (k.freq.equals("B")) while (d.getDayOfWeek().getValue() > 5) d = d.plusDays(1);
        if (List.of("H","15","10","30").contains(k.freq)) d = d.plusHours(r.nextInt(24)); }
    LocalDateTime[] t = new LocalDateTime[k.n + k.h];
    for (int i = 0; i < t.length; i++) { t[i] = d; d = next(k.freq, d); }
    return t;
  }
  static LocalDate easter(int y) { int a=y%19,b=y/100,c=y%100,d=b/4,e=b%4,f=(b+8)/25,g=(b-f+1)/3,h=(19*a+b-d-g+15)%30,i=c/4,k=c%4,l=(32+2*e+2*i-h-k)%7,m=(a+11*h+22*l)/451,mo=(h+l-7*m+114)/31,da=(h+l-7*m+114)%31+1; return LocalDate.of(y,mo,da); }
  static double[] ar(Random r, int n, double phi, double sd) { double[] x = new double[n]; double v = g(r)*sd/Math.sqrt(1-phi*phi+1e-9); for (int i = 0; i < n; i++) { v = phi*v + sd*g(r); x[i] = v; } return x; }
  static double[] rw(Random r, int n, double sd) { double[] x = new double[n]; double v = 0; for (int i = 0; i < n; i++) { v += sd*g(r); x[i] = v; } return x; }
  static double[] shape(Random r, int m, int harm) { double[] x = new double[m]; for (int k = 1; k <= harm; k++) { double a = g(r)/k, b = g(r)/k; for (int i = 0; i < m; i++) x[i] += a*Math.cos(2*Math.PI*k*i/m)+b*Math.sin(2*Math.PI*k*i/m); } return norm(x); }
  static double[] rough(Random r, int m) { double[] x = new double[m]; for (int i = 0; i < m; i++) x[i] = g(r); return norm(x); }
  static double[] norm(double[] x) { double me = Arrays.stream(x).average().getAsDouble(), v = 0; for (double a : x) v += (a-me)*(a-me); v = Math.sqrt(v/x.length)+1e-12; for (int i = 0; i < x.length; i++) x[i] = (x[i]-me)/v; return x; }
  static double doy(LocalDateTime t) { int y = t.getYear(); double len = Year.isLeap(y) ? 366 : 365; return (t.getDayOfYear()-1 + t.getHour()/24.)/len; }
  static double sm(double[] sh, double phase) { double p = (phase - Math.floor(phase))*sh.length; int i = (int) p; double f = p-i; return sh[i%sh.length]*(1-f)+sh[(i+1)%sh.length]*f; }
  // day-of-week + hour load shape: workday and weekend
  static double load(double[] wd, double[] we, LocalDateTime t) { double p = (t.getHour()*60+t.getMinute())/1440.; return t.getDayOfWeek().getValue() <= 5 ? sm(wd,p) : sm(we,p)*.7-.8; }
  static double[] dayShape(Random r) { double a = u(r,6,9), b = u(r,17,20), w = u(r,1.5,3.5), c = u(r,.5,1.2); double[] x = new double[96]; for (int i = 0; i < 96; i++) { double h = i/4.; x[i] = Math.exp(-.5*sq((h-a)/w)) + c*Math.exp(-.5*sq((h-b)/w)) + .6*Math.exp(-.5*sq((h-13)/5)); } return norm(x); }
  static double sq(double x) { return x*x; }
  static double[] mk(int n, IntToDoubleFunction f) { double[] x = new double[n]; for (int i = 0; i < n; i++) x[i] = f.applyAsDouble(i); return x; }
  static double[] round(double[] x, double step) { return mk(x.length, i -> Math.round(x[i]/step)*step); }

  static {
    // ---- years
    k("y08_rwdrift","Y",8,3,s(),(r,t,n)->{double d=u(r,-.5,1.5);double[] w=rw(r,t.length,1);return mk(t.length,i->50+d*i+w[i]);});
    k("y12_rwdrift","Y",12,5,s(),(r,t,n)->{double d=u(r,-.5,1.5);double[] w=rw(r,t.length,1);return mk(t.length,i->50+d*i+w[i]);});
    k("y20_trendnoise","Y",20,5,s(),(r,t,n)->{double d=u(r,-1.5,1.5);return mk(t.length,i->50+d*i+2*g(r));});
    k("y25_saturate","Y",25,5,s(),(r,t,n)->{double m=u(r,10,22),w=u(r,2,4),c=u(r,50,150);return mk(t.length,i->c/(1+Math.exp(-(i-m)/w))*(1+.02*g(r)));});
    k("y30_expgrow","Y",30,5,s(),(r,t,n)->{double a=u(r,.02,.12);double[] w=rw(r,t.length,.03);return mk(t.length,i->50*Math.exp(a*i+w[i]));});
    k("y40_cycle","Y",40,5,s(),(r,t,n)->{double per=u(r,7,12),ph=2*.95*Math.cos(2*Math.PI/per);double a=0,b=0;double[] x=new double[t.length+60];for(int i=0;i<x.length;i++){double v=ph*a-.9025*b+g(r);b=a;a=v;x[i]=v;}return mk(t.length,i->100+2*x[i+60]);});
    k("y25_noise","Y",25,5,s(),(r,t,n)->mk(t.length,i->100+5*g(r)));
    k("y30_break","Y",30,5,s(),(r,t,n)->{int b=n-5-r.nextInt(6);double d=u(r,.5,2),e=u(r,-2,.5);double[] w=rw(r,t.length,.3);return mk(t.length,i->60+d*Math.min(i,b)+e*Math.max(0,i-b)+w[i]+.5*g(r));});
    // ---- quarters
    k("q12_mult","Q",12,4,s(4),(r,t,n)->{double[] sh=rough(r,4);double a=u(r,-.01,.04);return mk(t.length,i->100*Math.exp(a*i+.15*sh[i%4]+.03*g(r)));});
    k("q20_rwseason","Q",20,8,s(4),(r,t,n)->{double[] sh=rough(r,4);double[] w=rw(r,t.length,2);return mk(t.length,i->100+w[i]+5*sh[i%4]+g(r));});
    k("q40_noseason_rw","Q",40,8,s(4),(r,t,n)->{double[] w=rw(r,t.length,1.5);return mk(t.length,i->100+w[i]);});
    k("q40_changingseason","Q",40,8,s(4),(r,t,n)->{double[][] w={rw(r,40,1.2),rw(r,40,1.2),rw(r,40,1.2),rw(r,40,1.2)};double[] sh=rough(r,4);return mk(t.length,i->100+6*sh[i%4]+w[i%4][i/4]+g(r));});
    // ---- months
    k("m18_season","M",18,9,s(12),(r,t,n)->{double[] sh=shape(r,12,3);double d=u(r,-.3,.6);return mk(t.length,i->100+d*i+10*sh[i%12]+3*g(r));});
    k("m18_noseason","M",18,9,s(12),(r,t,n)->{double[] w=rw(r,t.length,2);return mk(t.length,i->100+w[i]+2*g(r));});
    k("m30_multgrow","M",30,12,s(12),(r,t,n)->{double[] sh=shape(r,12,3);double a=u(r,.005,.025);return mk(t.length,i->100*Math.exp(a*i+.25*sh[i%12]+.05*g(r)));});
    k("m72_multgrow","M",72,24,s(12),(r,t,n)->{double[] sh=shape(r,12,4);double a=u(r,.003,.015);double[] w=rw(r,t.length,.01);return mk(t.length,i->100*Math.exp(a*i+w[i]+.2*sh[i%12]+.04*g(r)));});
    k("m60_shift6","M",60,12,s(12),(r,t,n)->{double[] sh=shape(r,12,3);double j=(r.nextBoolean()?1:-1)*u(r,15,30);return mk(t.length,i->100+(i>=n-6?j:0)+8*sh[i%12]+3*g(r));});
    k("m60_shift3","M",60,12,s(12),(r,t,n)->{double[] sh=shape(r,12,3);double j=(r.nextBoolean()?1:-1)*u(r,15,30);return mk(t.length,i->100+(i>=n-3?j:0)+8*sh[i%12]+3*g(r));});
    k("m60_shift15","M",60,12,s(12),(r,t,n)->{double[] sh=shape(r,12,3);double j=(r.nextBoolean()?1:-1)*u(r,15,30);return mk(t.length,i->100+(i>=n-15?j:0)+8*sh[i%12]+3*g(r));});
    k("m72_break","M",72,12,s(12),(r,t,n)->{double[] sh=shape(r,12,3);int b=n-10-r.nextInt(10);double d=u(r,.5,1.5),e=u(r,-1.5,.3);return mk(t.length,i->100+d*Math.min(i,b)+e*Math.max(0,i-b)+6*sh[i%12]+2.5*g(r));});
    k("m96_easter","M",96,12,s(12),(r,t,n)->{double[] sh=shape(r,12,2);double e=u(r,15,30),a=u(r,-.1,.4);return mk(t.length,i->{LocalDate es=easter(t[i].getYear());double share=0;for(int d=-4;d<=3;d++)if(es.plusDays(d).getMonth()==t[i].getMonth())share+=1/8.;return 100+a*i+10*sh[t[i].getMonthValue()-1]+e*share+2*g(r);});});
    k("m96_tradingdays","M",96,12,s(12),(r,t,n)->{double[] sh=shape(r,12,2);double wk=u(r,1.5,4);return mk(t.length,i->{int wd=0,le=t[i].toLocalDate().lengthOfMonth();for(int d=0;d<le;d++)if(t[i].plusDays(d).getDayOfWeek().getValue()<6)wd++;return (wk*wd+(le-wd))*(1+.08*sh[t[i].getMonthValue()-1]+.01*g(r));});});
    k("m60_outlierlast","M",60,12,s(12),(r,t,n)->{double[] sh=shape(r,12,3);int a=n-1-r.nextInt(11),b=n-1-r.nextInt(11);return mk(t.length,i->100+8*sh[i%12]+2*g(r)+((i==a||i==b)?(r.nextBoolean()?35:-35):0));});
    k("m84_amp","M",84,12,s(12),(r,t,n)->{double[] sh=shape(r,12,3);double a0=u(r,2,6),a1=u(r,12,25);boolean up=r.nextBoolean();return mk(t.length,i->{double f=(double)i/t.length;double a=up?a0+(a1-a0)*f:a1+(a0-a1)*f;return 200+a*sh[i%12]+2*g(r);});});
    k("m60_ytd","M",60,12,s(12),(r,t,n)->{double[] c={0};double lv=u(r,50,100),gr=u(r,0,.01);return mk(t.length,i->{if(t[i].getMonthValue()==1)c[0]=0;c[0]+=lv*(1+gr*i)*(1+.12*g(r));return c[0];});});
    k("m40_decline","M",40,12,s(12),(r,t,n)->{double a=u(r,.03,.09);return mk(t.length,i->1000*Math.exp(-a*i+.05*g(r)));});
    k("m36_newproduct","M",36,12,s(12),(r,t,n)->{double m=u(r,15,32),w=u(r,3,6);return mk(t.length,i->1000/(1+Math.exp(-(i-m)/w))*(1+.05*g(r)));});
    k("m60_netflow","M",60,12,s(12),(r,t,n)->{double[] sh=rough(r,12);return mk(t.length,i->5*sh[i%12]+5*g(r));});
    k("m60_sparse","M",60,12,s(12),(r,t,n)->mk(t.length,i->r.nextDouble()<.35?1+pois(r,3):0));
    k("m48_poisson3","M",48,12,s(12),(r,t,n)->{double l=u(r,1.5,5);return mk(t.length,i->pois(r,l));});
    k("m60_rw","M",60,12,s(12),(r,t,n)->{double[] w=rw(r,t.length,2);return mk(t.length,i->100+w[i]);});
    k("m60_rwdrift","M",60,12,s(12),(r,t,n)->{double[] w=rw(r,t.length,1);double d=u(r,.3,1);return mk(t.length,i->100+d*i+w[i]);});
    k("m120_ar9","M",120,12,s(12),(r,t,n)->{double[] w=ar(r,t.length,.9,2);return mk(t.length,i->100+w[i]);});
    k("m120_cpi","M",120,24,s(12),(r,t,n)->{double[] inf=ar(r,t.length,.97,.04);double[] sh=shape(r,12,2);double[] lv={100};return mk(t.length,i->{lv[0]*=1+(.2+inf[i]+.1*g(r)+.15*sh[i%12])/100;return lv[0];});});
    k("m48_heavyseason","M",48,12,s(12),(r,t,n)->{double[] sh=shape(r,12,3);return mk(t.length,i->100+8*sh[i%12]+2*t(r,2));});
    // ---- weeks
    k("w60_season","W",60,13,s(52),(r,t,n)->{double[] sh=shape(r,52,3);return mk(t.length,i->100+10*sh[i%52]+3*g(r));});
    k("w115_season","W",115,26,s(52),(r,t,n)->{double[] sh=shape(r,52,3);double d=u(r,-.05,.1);double[] w=ar(r,t.length,.6,2);return mk(t.length,i->100+d*i+10*sm(sh,doy(t[i]))+w[i]);});
    k("w115_christmas","W",115,13,s(52),(r,t,n)->{double[] sh=shape(r,52,2);return mk(t.length,i->100+6*sm(sh,doy(t[i]))+(doy(t[i])>.94?60:0)+4*g(r));});
    k("w160_counts","W",160,13,s(52),(r,t,n)->{double l=u(r,.2,.8);return mk(t.length,i->pois(r,l*gam(r,.7)/.7));});
    k("w80_rw","W",80,13,s(52),(r,t,n)->{double[] w=rw(r,t.length,2);return mk(t.length,i->100+w[i]);});
    k("w260_multgrow","W",260,26,s(52),(r,t,n)->{double[] sh=shape(r,52,3);double a=u(r,.001,.005);double[] w=ar(r,t.length,.7,.04);return mk(t.length,i->100*Math.exp(a*i+.25*sm(sh,doy(t[i]))+w[i]));});
    k("w30_shortnoise","W",30,8,s(52),(r,t,n)->{double[] w=ar(r,t.length,.5,3);return mk(t.length,i->100+w[i]);});
    // ---- days
    k("d10_short","D",10,5,s(7),(r,t,n)->{double[] sh=rough(r,7);return mk(t.length,i->100+8*sh[i%7]+3*g(r));});
    k("d20_short","D",20,7,s(7),(r,t,n)->{double[] sh=rough(r,7);return mk(t.length,i->100+8*sh[i%7]+3*g(r));});
    k("d150_shift10","D",150,14,s(7),(r,t,n)->{double[] sh=rough(r,7);double j=(r.nextBoolean()?1:-1)*u(r,20,40);return mk(t.length,i->100+(i>=n-10?j:0)+8*sh[i%7]+4*g(r));});
    k("d150_shift3","D",150,14,s(7),(r,t,n)->{double[] sh=rough(r,7);double j=(r.nextBoolean()?1:-1)*u(r,20,40);return mk(t.length,i->100+(i>=n-3?j:0)+8*sh[i%7]+4*g(r));});
    k("d500_shift30","D",500,28,s(7),(r,t,n)->{double[] sh=rough(r,7);double j=(r.nextBoolean()?1:-1)*u(r,20,40);return mk(t.length,i->100+(i>=n-30?j:0)+8*sh[i%7]+4*g(r));});
    k("d200_weekchange","D",200,14,s(7),(r,t,n)->{double[] a=rough(r,7),b=rough(r,7);return mk(t.length,i->100+8*(i>=n-21?b:a)[i%7]+3*g(r));});
    k("d1100_year","D",1100,28,s(7,364),(r,t,n)->{double[] sh=shape(r,366,3),w=rough(r,7);double[] e=ar(r,t.length,.6,2);return mk(t.length,i->100+12*sm(sh,doy(t[i]))+4*w[i%7]+e[i]);});
    k("d1100_year_h180","D",1100,180,s(7,364),(r,t,n)->{double[] sh=shape(r,366,3),w=rough(r,7);double[] e=ar(r,t.length,.6,2);return mk(t.length,i->100+12*sm(sh,doy(t[i]))+4*w[i%7]+e[i]);});
    k("d400_year_h28","D",400,28,s(7,364),(r,t,n)->{double[] sh=shape(r,366,2),w=rough(r,7);double[] e=ar(r,t.length,.6,2);return mk(t.length,i->100+12*sm(sh,doy(t[i]))+4*w[i%7]+e[i]);});
    k("d760_year_h60","D",760,60,s(7,364),(r,t,n)->{double[] sh=shape(r,366,2),w=rough(r,7);double[] e=ar(r,t.length,.6,2);return mk(t.length,i->100+12*sm(sh,doy(t[i]))+4*w[i%7]+e[i]);});
    k("d1100_temp","D",1100,28,s(7,364),(r,t,n)->{double[] e=ar(r,t.length,.8,2);double m=u(r,5,15),a=u(r,6,12);return mk(t.length,i->m-a*Math.cos(2*Math.PI*(doy(t[i])-.05))+e[i]);});
    k("d1200_easter","D",1200,28,s(7,364),(r,t,n)->{double[] sh=shape(r,366,2),w=rough(r,7);return mk(t.length,i->{LocalDate d=t[i].toLocalDate(),e=easter(d.getYear());long q=java.time.temporal.ChronoUnit.DAYS.between(e,d);return 200+15*sm(sh,doy(t[i]))+8*w[i%7]+(q>=-2&&q<=1?-80:0)+6*g(r);});});
    k("d300_monthend","D",300,28,s(7),(r,t,n)->{double[] w=rough(r,7);double j=u(r,30,80);return mk(t.length,i->{LocalDate d=t[i].toLocalDate();return 100+8*w[i%7]+(d.getDayOfMonth()==d.lengthOfMonth()?j:0)+5*g(r);});});
    k("d300_firstdays","D",300,28,s(7),(r,t,n)->{double[] w=rough(r,7);double j=u(r,20,60);return mk(t.length,i->{LocalDate d=t[i].toLocalDate();return 100+8*w[i%7]+(d.getDayOfMonth()<=5?j*(6-d.getDayOfMonth())/5.:0)+5*g(r);});});
    k("d200_counts60","D",200,28,s(7),(r,t,n)->{double l=u(r,.3,.7);return mk(t.length,i->pois(r,l*gam(r,.8)/.8));});
    k("d200_countweek","D",200,28,s(7),(r,t,n)->{double l=u(r,.8,2);double[] w=rough(r,7);return mk(t.length,i->pois(r,l*Math.exp(.8*w[i%7])));});
    k("d400_poisson5","D",400,28,s(7),(r,t,n)->{double l=u(r,3,9);double[] w=rough(r,7);return mk(t.length,i->pois(r,l*Math.exp(.3*w[i%7])));});
    k("d300_closedsun","D",300,28,s(7),(r,t,n)->{double[] w=rough(r,7);return mk(t.length,i->t[i].getDayOfWeek().getValue()==7?0:100+15*w[i%7]+10*g(r));});
    k("d300_pct100","D",300,28,s(7),(r,t,n)->mk(t.length,i->Math.min(100,Math.round(10*(99.8-(r.nextDouble()<.25?gam(r,.7)*3:0)+.5*g(r)))/10.)));
    k("d200_outlierlast","D",200,14,s(7),(r,t,n)->{double[] w=rough(r,7);int a=n-2-r.nextInt(6);double j=(r.nextBoolean()?1:-1)*u(r,60,120);return mk(t.length,i->150+10*w[i%7]+4*g(r)+(i==a?j:0));});
    k("d400_rw","D",400,28,s(7),(r,t,n)->{double[] w=rw(r,t.length,1);return mk(t.length,i->100+w[i]);});
    k("d400_rwheavy","D",400,28,s(7),(r,t,n)->{double[] v={200};return mk(t.length,i->{v[0]+=t(r,2);return v[0];});});
    k("d400_ar9","D",400,28,s(7),(r,t,n)->{double[] w=ar(r,t.length,.9,2);return mk(t.length,i->100+w[i]);});
    k("d400_ar5","D",400,28,s(7),(r,t,n)->{double[] w=ar(r,t.length,.5,2);return mk(t.length,i->100+w[i]);});
    k("d400_rarejump","D",400,28,s(7),(r,t,n)->{double[] v={50};return mk(t.length,i->{if(r.nextDouble()<.015)v[0]+=Math.round(10*u(r,-5,5))/10.;return v[0];});});
    k("d400_promo","D",400,28,s(7),(r,t,n)->{double[] w=rough(r,7);int[] left={0};return mk(t.length,i->{if(left[0]==0&&r.nextDouble()<.02)left[0]=5+r.nextInt(5);double p=left[0]>0?1:0;if(left[0]>0)left[0]--;return 100+8*w[i%7]+50*p+5*g(r);});});
    k("d300_heavynoise","D",300,28,s(7),(r,t,n)->{double[] w=rough(r,7);return mk(t.length,i->100+8*w[i%7]+2*t(r,1.5));});
    k("d300_meter","D",300,28,s(7),(r,t,n)->{double[] w=rough(r,7);double[] v={1000};return mk(t.length,i->{v[0]+=Math.max(0,10+3*w[i%7]+2*g(r));return v[0];});});
    k("d200_stock","D",200,28,s(7),(r,t,n)->{double[] v={500};double l=u(r,15,30);return mk(t.length,i->{v[0]-=pois(r,l);if(v[0]<100)v[0]+=500;return v[0];});});
    k("d250_expgrow","D",250,28,s(7),(r,t,n)->{double[] w=rough(r,7);double a=u(r,.005,.015);return mk(t.length,i->50*Math.exp(a*i+.15*w[i%7]+.06*g(r)));});
    k("d500_garch","D",500,28,s(7),(r,t,n)->{double[] v={0,1};return mk(t.length,i->{v[1]=.05+.85*v[1]+.12*v[0]*v[0];v[0]=Math.sqrt(v[1])*g(r);return 100+10*v[0];});});
    k("d120_young","D",400,28,s(7),(r,t,n)->{double[] w=rough(r,7);int b=n-40-r.nextInt(40);return mk(t.length,i->i<b?0:Math.max(0,60+12*w[i%7]+6*g(r)));});
    k("d300_gappy","D",300,28,s(7),(r,t,n)->{double[] w=rough(r,7);double[] x=mk(t.length,i->100+10*w[i%7]+4*g(r));for(int i=0;i<n-1;i++)if(r.nextDouble()<.3)x[i]=Double.NaN;return x;});
    // ---- business days
    k("b500_monthend","B",500,20,s(5,22),(r,t,n)->{double[] w=rough(r,5);double j=u(r,30,80);return mk(t.length,i->{LocalDateTime nx=next("B",t[i]);return 100+6*w[t[i].getDayOfWeek().getValue()-1]+(nx.getMonth()!=t[i].getMonth()?j:0)+5*g(r);});});
    k("b500_stock","B",500,20,s(5),(r,t,n)->{double[] v={100};return mk(t.length,i->{v[0]*=Math.exp(.012*t(r,4)/1.4);return v[0];});});
    k("b600_week_trend","B",600,20,s(5),(r,t,n)->{double[] w=rough(r,5);double[] e=rw(r,t.length,1);return mk(t.length,i->200+e[i]+8*w[t[i].getDayOfWeek().getValue()-1]+3*g(r));});
    // ---- hours and less
    k("h60_short","H",60,24,s(24),(r,t,n)->{double[] d=dayShape(r);return mk(t.length,i->100+20*sm(d,t[i].getHour()/24.)+4*g(r));});
    k("h300_week","H",300,48,s(24,168),(r,t,n)->{double[] a=dayShape(r),b=dayShape(r);double[] e=ar(r,t.length,.8,1.5);return mk(t.length,i->200+25*load(a,b,t[i])+e[i]);});
    k("h1500_week","H",1500,168,s(24,168),(r,t,n)->{double[] a=dayShape(r),b=dayShape(r);double[] e=ar(r,t.length,.9,1.5);return mk(t.length,i->200+25*load(a,b,t[i])+e[i]);});
    k("h1500_holidaylast","H",1500,48,s(24,168),(r,t,n)->{double[] a=dayShape(r),b=dayShape(r);double[] e=ar(r,t.length,.9,1.5);int c=n-24*(1+r.nextInt(6));LocalDate hol=t[c].toLocalDate();return mk(t.length,i->200+25*(t[i].toLocalDate().equals(hol)?sm(b,t[i].getHour()/24.)*.7-.8:load(a,b,t[i]))+e[i]);});
    k("h1500_solar","H",1500,48,s(24),(r,t,n)->{double[] c={.7};return mk(t.length,i->{c[0]=.7+.85*(c[0]-.7)+.12*g(r);double cl=Math.max(.05,Math.min(1,c[0]));double el=Math.sin(Math.PI*(t[i].getHour()-6)/12.);return el>0&&t[i].getHour()>6&&t[i].getHour()<18?100*el*cl:0;});});
    k("h1000_temp","H",1000,48,s(24),(r,t,n)->{double[] e=ar(r,t.length,.97,.6);double[] y=ar(r,t.length,.995,.15);return mk(t.length,i->12+5*Math.sin(2*Math.PI*(t[i].getHour()-9)/24.)+e[i]+y[i]);});
    k("h1000_humidity","H",1000,48,s(24),(r,t,n)->{double[] e=ar(r,t.length,.95,3);return mk(t.length,i->Math.min(100,Math.round(85-15*Math.sin(2*Math.PI*(t[i].getHour()-9)/24.)+e[i])));});
    k("h800_gappeak","H",800,48,s(24),(r,t,n)->{double[] d=dayShape(r);double[] e=ar(r,t.length,.8,2);double[] x=mk(t.length,i->150+25*sm(d,t[i].getHour()/24.)+e[i]);for(int i=0;i<n-1;i++){int h=t[i].getHour();if(i>n-24*4&&h>=7&&h<=11&&i!=n-1)x[i]=Double.NaN;}return x;});
    k("h1000_amp","H",1000,48,s(24),(r,t,n)->{double[] d=dayShape(r);double[] e=ar(r,t.length,.7,1.5);boolean up=r.nextBoolean();return mk(t.length,i->{double f=(double)i/t.length;return 200+(up?5+30*f:35-30*f)*sm(d,t[i].getHour()/24.)+e[i];});});
    k("h800_shophours","H",800,48,s(24,168),(r,t,n)->{double[] a=dayShape(r);double l=u(r,3,15);return mk(t.length,i->{int h=t[i].getHour();boolean open=h>=8&&h<20&&t[i].getDayOfWeek().getValue()<7;return open?pois(r,l*(1.2+.5*sm(a,h/24.))):0;});});
    k("h600_rw","H",600,48,s(24),(r,t,n)->{double[] w=rw(r,t.length,1);return mk(t.length,i->100+w[i]);});
    k("h600_ar95","H",600,48,s(24),(r,t,n)->{double[] w=ar(r,t.length,.95,1);return mk(t.length,i->100+w[i]);});
    k("h600_shift20","H",600,48,s(24),(r,t,n)->{double[] d=dayShape(r);double[] e=ar(r,t.length,.5,2);double j=(r.nextBoolean()?1:-1)*u(r,20,50);return mk(t.length,i->150+(i>=n-20?j:0)+15*sm(d,t[i].getHour()/24.)+e[i]);});
    k("h600_cpu","H",600,48,s(24),(r,t,n)->{double[] d=dayShape(r);return mk(t.length,i->Math.max(0,Math.min(100,20+8*sm(d,t[i].getHour()/24.)+3*g(r)+(r.nextDouble()<.05?40*gam(r,1):0))));});
    k("q15_load","15",1500,96,s(96,672),(r,t,n)->{double[] a=dayShape(r),b=dayShape(r);double[] e=ar(r,t.length,.95,.8);return mk(t.length,i->200+25*load(a,b,t[i])+e[i]);});
    k("q15_short","15",250,96,s(96),(r,t,n)->{double[] a=dayShape(r);double[] e=ar(r,t.length,.9,1);return mk(t.length,i->200+25*sm(a,(t[i].getHour()*60+t[i].getMinute())/1440.)+e[i]);});
    k("t10_wind","10",1000,72,s(144),(r,t,n)->{double[] e=ar(r,t.length,.985,.35);return mk(t.length,i->Math.abs(6+e[i]*1.3+.4*g(r)));});
    k("t30_load","30",800,48,s(48,336),(r,t,n)->{double[] a=dayShape(r),b=dayShape(r);double[] e=ar(r,t.length,.9,1);return mk(t.length,i->200+25*load(a,b,t[i])+e[i]);});
  }

  // ---------------- simple rules
  static double[] fill(double[] y) { double[] x=y.clone(); int n=x.length; int p=-1; for(int i=0;i<n;i++){ if(Double.isNaN(x[i]))continue; if(p<0)for(int j=0;j<i;j++)x[j]=x[i]; else for(int j=p+1;j<i;j++)x[j]=x[p]+(x[i]-x[p])*(j-p)/(i-p); p=i;} for(int j=p+1;j<n;j++)x[j]=x[p]; return x; }
  static double mean(double[] x){return Arrays.stream(x).average().orElse(0);}
  static double[] ses(double[] y,int h){double ba=0,be=1e300,bl=0;for(double a=.02;a<1;a+=.05){double l=y[0],e=0;for(double v:y){e+=sq(v-l);l+=a*(v-l);}if(e<be){be=e;bl=l;}}double f=bl;return mk(h,i->f);}
  static double[] theta(double[] y,int h){int n=y.length;double[] s=ses(y,1);double mt=(n-1)/2.,c=0,v=0,m=mean(y);for(int i=0;i<n;i++){c+=(i-mt)*(y[i]-m);v+=sq(i-mt);}double b=c/v;return mk(h,i->s[0]+.5*b*(i+1));}
  static double[] holt(double[] y,int h,boolean damp){int n=y.length;double be=1e300;double[] best=null;int w=Math.max(3,Math.min(10,n/2));double b0=(y[Math.min(n-1,w)]-y[0])/Math.min(n-1,w);for(double a:new double[]{.05,.1,.2,.3,.5,.7,.9})for(double b:new double[]{.01,.05,.1,.2,.4})for(double p:damp?new double[]{.8,.9,.95,.98}:new double[]{1}){double l=y[0],t=b0,e=0;for(int i=1;i<n;i++){double f=l+p*t,d=y[i]-f;e+=d*d;l=f+a*d;t=p*t+a*b*d;}if(e<be){be=e;best=new double[]{l,t,p};}}double[] q=best,o=new double[h];double l=q[0],t=q[1];for(int i=0;i<h;i++){t*=q[2];l+=t;o[i]=l;}return o;}
  static double[] season(double[] y,int m){int n=y.length;double[] tr=new double[n];Arrays.fill(tr,Double.NaN);if(n>=2*m){for(int i=m/2;i<n-m/2;i++){if(m%2==1){double s=0;for(int j=-m/2;j<=m/2;j++)s+=y[i+j];tr[i]=s/m;}else{double s=0;for(int j=-m/2;j<=m/2;j++)s+=y[i+j]*(Math.abs(j)==m/2?.5:1);tr[i]=s/m;}}}else{double[] f=linefit(y);for(int i=0;i<n;i++)tr[i]=f[0]+f[1]*i;}double[] s=new double[m];int[] c=new int[m];for(int i=0;i<n;i++)if(!Double.isNaN(tr[i])){s[i%m]+=y[i]-tr[i];c[i%m]++;}double mm=0;for(int i=0;i<m;i++){s[i]=c[i]>0?s[i]/c[i]:0;mm+=s[i]/m;}for(int i=0;i<m;i++)s[i]-=mm;return s;}
  static double[] linefit(double[] y){int n=y.length;double mt=(n-1)/2.,c=0,v=0,m=mean(y);for(int i=0;i<n;i++){c+=(i-mt)*(y[i]-m);v+=sq(i-mt);}return new double[]{m-c/v*mt,c/v};}
  static double[] hw(double[] y,int m,int h){int n=y.length;double[] s0=season(y,m);double[] adj=mk(n,i->y[i]-s0[i%m]);double[] lf=linefit(Arrays.copyOf(adj,Math.min(n,2*m)));double be=1e300;double[] bo=null;for(double a:new double[]{.02,.1,.2,.4,.7,.9})for(double b:new double[]{0,.02,.1,.3})for(double gm:new double[]{.01,.1,.3,.6})for(double p:new double[]{.9,.98,1}){double l=lf[0]-lf[1],t=b==0?0:lf[1],e=0;double[] s=s0.clone();if(b==0&&p<1)continue;if(b==0)l=mean(Arrays.copyOf(adj,Math.min(n,m)));for(int i=0;i<n;i++){double f=l+p*t,d=y[i]-f-s[i%m];e+=d*d;if(e>be)break;l=f+a*d;t=p*t+a*b*d;s[i%m]+=gm*(1-a)*d;}if(e<be){be=e;double[] o=new double[h];double L=l,T=t;for(int i=0;i<h;i++){T*=p;L+=T;o[i]=L+s[(n+i)%m];}bo=o;}}return bo;}
  static double[] solve(double[][] A,double[] b){int p=b.length;for(int i=0;i<p;i++){int q=i;for(int j=i;j<p;j++)if(Math.abs(A[j][i])>Math.abs(A[q][i]))q=j;double[] tm=A[i];A[i]=A[q];A[q]=tm;double tb=b[i];b[i]=b[q];b[q]=tb;if(Math.abs(A[i][i])<1e-12)A[i][i]=1e-12;for(int j=i+1;j<p;j++){double f=A[j][i]/A[i][i];for(int k=i;k<p;k++)A[j][k]-=f*A[i][k];b[j]-=f*b[i];}}for(int i=p-1;i>=0;i--){for(int k=i+1;k<p;k++)b[i]-=A[i][k]*b[k];b[i]/=A[i][i];}return b;}
  static double[] reg(double[][] X,double[] y,double ridge){int p=X[0].length;double[][] A=new double[p][p];double[] b=new double[p];for(int i=0;i<y.length;i++)for(int j=0;j<p;j++){b[j]+=X[i][j]*y[i];for(int k=0;k<p;k++)A[j][k]+=X[i][j]*X[i][k];}for(int j=1;j<p;j++)A[j][j]+=ridge;return solve(A,b);}
  static double[] arp(double[] y,int h){int n=y.length,mp=Math.min(8,n/6);double bi=1e300;double[] bc=null;int bp=0;for(int p=1;p<=Math.max(1,mp);p++){int P=p;double[][] X=new double[n-mp][];double[] z=new double[n-mp];for(int i=mp;i<n;i++){X[i-mp]=new double[p+1];X[i-mp][0]=1;for(int j=1;j<=p;j++)X[i-mp][j]=y[i-j];z[i-mp]=y[i];}if(z.length<p+3)break;double[] c=reg(X,z,1e-6);double e=0;for(int i=0;i<z.length;i++){double f=0;for(int j=0;j<=p;j++)f+=c[j]*X[i][j];e+=sq(z[i]-f);}double ic=z.length*Math.log(e/z.length+1e-12)+2*(p+1);if(ic<bi){bi=ic;bc=c;bp=p;}}if(bc==null)return null;double[] x=Arrays.copyOf(y,n+h);for(int i=n;i<n+h;i++){x[i]=bc[0];for(int j=1;j<=bp;j++)x[i]+=bc[j]*x[i-j];}double lo=Arrays.stream(y).min().getAsDouble(),hi=Arrays.stream(y).max().getAsDouble(),sp=hi-lo;return mk(h,i->Math.max(lo-sp,Math.min(hi+sp,x[n+i])));}
  static double[] harm(double[] y,LocalDateTime[] t,Kind k,int h){int n=y.length;boolean yearly=k.freq.equals("D")||k.freq.equals("W")||k.freq.equals("B");boolean sub=List.of("H","15","10","30").contains(k.freq);if(!yearly&&!sub)return null;if(yearly&&n<(k.freq.equals("W")?80:450))return null;
    Function<Integer,double[]> row=i->{List<Double> x=new ArrayList<>();x.add(1.);x.add(i/(double)n);if(yearly){double p=2*Math.PI*doy(t[i]);for(int q=1;q<=3;q++){x.add(Math.cos(q*p));x.add(Math.sin(q*p));}if(k.freq.equals("D"))for(int d=2;d<=7;d++)x.add(t[i].getDayOfWeek().getValue()==d?1.:0);}else{double p=2*Math.PI*(t[i].getHour()*60+t[i].getMinute())/1440.;int we=t[i].getDayOfWeek().getValue()>5?1:0;for(int q=1;q<=6;q++){x.add(Math.cos(q*p));x.add(Math.sin(q*p));}if(n>24*8){x.add((double)we);for(int q=1;q<=6;q++){x.add(we*Math.cos(q*p));x.add(we*Math.sin(q*p));}}}return x.stream().mapToDouble(v->v).toArray();};
    double[][] X=new double[n][];for(int i=0;i<n;i++)X[i]=row.apply(i);double[] c=reg(X,y,1e-3);double[] e=new double[n];double s0=0,s1=0;for(int i=0;i<n;i++){double f=0;for(int j=0;j<c.length;j++)f+=c[j]*X[i][j];e[i]=y[i]-f;if(i>0){s1+=e[i]*e[i-1];s0+=e[i-1]*e[i-1];}}double phi=Math.max(0,Math.min(.999,s1/(s0+1e-12)));double[] o=new double[h];double r=e[n-1];for(int i=0;i<h;i++){double[] x=row.apply(n+i);r*=phi;o[i]=r;for(int j=0;j<c.length;j++)o[i]+=c[j]*x[j];}return o;}
  static Map<String,double[]> rules(double[] y0,LocalDateTime[] t,Kind k){int h=k.h;double[] y=fill(y0);int n=y.length;Map<String,double[]> o=new LinkedHashMap<>();
    o.put("naive",mk(h,i->y[n-1]));o.put("drift",mk(h,i->y[n-1]+(y[n-1]-y[0])/(n-1)*(i+1)));o.put("mean",mk(h,i->mean(y)));double[] so=y.clone();Arrays.sort(so);o.put("median",mk(h,i->so[(n-1)/2]));
    o.put("ses",ses(y,h));o.put("theta",theta(y,h));o.put("damped",holt(y,h,true));o.put("holt",holt(y,h,false));double[] lf=linefit(y);o.put("line",mk(h,i->lf[0]+lf[1]*(n+i)));o.put("ar",arp(y,h));
    boolean pos=so[0]>0;double[] ly=pos?mk(n,i->Math.log(y[i])):null;
    if(pos){o.put("theta_log",exp(theta(ly,h)));o.put("damped_log",exp(holt(ly,h,true)));double[] ll=linefit(ly);o.put("line_log",mk(h,i->Math.exp(ll[0]+ll[1]*(n+i))));}
    double[] dy=mk(n-1,i->y[i+1]-y[i]);
    for(int m:k.seasons){if(n<m+m/2)continue;o.put("snaive"+m,mk(h,i->y[n+i%m-m]));if(n>=2*m){for(int c:new int[]{3,6}){int cc=Math.min(c,n/m);o.put("smean"+m+"x"+c,mk(h,i->{double s=0;for(int j=1;j<=cc;j++)s+=y[n+i%m-j*m];return s/cc;}));}
      int cc=Math.min(5,n/m);o.put("smedian"+m,mk(h,i->{double[] v=new double[cc];for(int j=1;j<=cc;j++)v[j-1]=y[n+i%m-j*m];Arrays.sort(v);return v[(cc-1)/2];}));}
      for(int lg=0;lg<(pos?2:1);lg++){double[] z=lg==1?ly:y;String x="_"+m+(lg==1?"log":"");double[] se=season(z,m);double[] adj=mk(n,i->z[i]-se[i%m]);
        BiConsumer<String,double[]> put=(nm,f)->{double[] q=mk(h,i->f[i]+se[(n+i)%m]);o.put(nm+x,z==ly?exp(q):q);};
        put.accept("dnaive",mk(h,i->adj[n-1]));put.accept("dses",ses(adj,h));put.accept("dtheta",theta(adj,h));put.accept("ddamped",holt(adj,h,true));double[] la=linefit(adj);put.accept("dline",mk(h,i->la[0]+la[1]*(n+i)));double[] a=arp(adj,h);if(a!=null)put.accept("dar",a);
        if(m<=31&&n>=2*m){double[] q=hw(z,m,h);o.put("hw"+x,z==ly?exp(q):q);}
      }
      if(m<=12&&n>=2*m){ // meter-like: seasonal mean of differences
        int c2=Math.min(8,(n-1)/m);double[] f=new double[h];double l=y[n-1];for(int i=0;i<h;i++){double s=0;for(int j=1;j<=c2;j++)s+=dy[(n-1)+i%m-j*m];l+=s/c2;f[i]=l;}o.put("cumseason"+m,f);}
    }
    double[] hm=harm(y,t,k,h);if(hm!=null)o.put("harmonic",hm);
    if(Arrays.stream(y0).allMatch(v->!(v<0)))for(double[] f:o.values())if(f!=null)for(int i=0;i<h;i++)f[i]=Math.max(0,f[i]);
    o.values().removeIf(Objects::isNull);return o;}
  static double[] exp(double[] x){return mk(x.length,i->Math.exp(Math.min(x[i],50)));}

  static int N = 40;
  static double[] series(Kind k,int i,int seed,LocalDateTime[][] tt){Random r=new Random(k.name.hashCode()*1000003L+seed*7919L+i*104729L);r.nextGaussian();tt[0]=times(k,r);double[] y=k.gen.of(r,tt[0],k.n);return y;}
  static String fmt(Kind k,LocalDateTime t){return List.of("H","15","10","30").contains(k.freq)?t.toString().replace('T',' '):t.toLocalDate().toString();}
  static Map<String,double[][]> parse(Path f,int[] cols)throws IOException{Map<String,List<double[]>> m=new LinkedHashMap<>();boolean first=true;for(String l:Files.readAllLines(f)){if(first){first=false;continue;}String[] c=l.split(",",-1);double[] v=new double[c.length-2];for(int i=0;i<v.length;i++)v[i]=c[i+2].isEmpty()?Double.NaN:Double.parseDouble(c[i+2]);m.computeIfAbsent(c[0],x->new ArrayList<>()).add(v);}Map<String,double[][]> o=new LinkedHashMap<>();m.forEach((a,b)->o.put(a,b.toArray(double[][]::new)));return o;}
  public static void main(String[] a)throws Exception{
    String mode=a[0],dir=a[1];int seed=Integer.parseInt(a[2]);N=Integer.parseInt(a[3]);String only=a.length>5?a[5]:"";
    if(mode.equals("list")){for(Kind k:kinds)System.out.println(k.name+" "+k.h+" "+k.freq);return;}
    if(mode.equals("gen")){Files.createDirectories(Path.of(dir));for(Kind k:kinds){if(!k.name.matches(only+".*"))continue;StringBuilder b=new StringBuilder("id,time,value\n");for(int i=0;i<N;i++){LocalDateTime[][] tt=new LocalDateTime[1][];double[] y=series(k,i,seed,tt);for(int j=0;j<k.n;j++)b.append("s"+i+","+fmt(k,tt[0][j])+","+(Double.isNaN(y[j])?"":String.valueOf((float)y[j]))+"\n");}Files.writeString(Path.of(dir,k.name+".csv"),b);}return;}
    if(mode.equals("rules")){ // cache errors of rules: kind -> rule -> mae per series
      StringBuilder b=new StringBuilder();for(Kind k:kinds){if(!k.name.matches(only+".*"))continue;Map<String,double[]> e=new LinkedHashMap<>();for(int i=0;i<N;i++){LocalDateTime[][] tt=new LocalDateTime[1][];double[] y=series(k,i,seed,tt);Map<String,double[]> ru=rules(Arrays.copyOf(y,k.n),tt[0],k);for(var en:ru.entrySet()){double s=0;int c=0;for(int j=0;j<k.h;j++){s+=Math.abs(y[k.n+j]-en.getValue()[j]);c++;}e.computeIfAbsent(en.getKey(),x->new double[N])[i]=s/c;}}
        for(var en:e.entrySet())b.append(k.name+","+en.getKey()+","+Arrays.stream(en.getValue()).mapToObj(v->String.valueOf((float)v)).collect(Collectors.joining(","))+"\n");System.err.println(k.name);}
      Files.writeString(Path.of(dir,"rules"+a[4]+".csv"),b);return;}
    // eval: dir has rules.csv and out-LABEL/kind.csv
    String[] labels=a[4].split("\\+");
    Map<String,Map<String,double[]>> rules=new HashMap<>();for(String l:Files.readAllLines(Path.of(dir,"rules.csv"))){String[] c=l.split(",");double[] v=new double[c.length-2];for(int i=0;i<v.length;i++)v[i]=Double.parseDouble(c[i+2]);if(c[1].contains("log")&&Arrays.stream(v).anyMatch(z->z==0))continue;rules.computeIfAbsent(c[0],x->new LinkedHashMap<>()).put(c[1],v);}
    System.out.printf("%-20s %8s %6s %5s %-16s",  "kind","MAE","/best","/2nd","best rule");System.out.printf(" %5s %5s %5s %6s %6s %5s","c80","c80-1","c80-h","mean/","totc80","crps");for(int q=1;q<labels.length;q++)System.out.printf(" | %-8s %6s %5s %5s",labels[q],"mae/","crps/","c80");System.out.println();
    double[] gm=new double[labels.length],gc=new double[labels.length];int cnt=0;
    for(Kind k:kinds){if(!k.name.matches(only+".*"))continue;if(!Files.exists(Path.of(dir,"out-"+labels[0],k.name+".csv")))continue;
      double[][] mae=new double[labels.length][N];double[] crps=new double[labels.length],cov=new double[labels.length];double c1=0,ch=0,bm=0,bt=0,tc=0;int nt=0;boolean ok=true;String ln="";
      for(int q=0;q<labels.length;q++){Path p=Path.of(dir,"out-"+labels[q],k.name+".csv");if(!Files.exists(p)){ok=false;break;}var f=parse(p,null);int tot=0;
        Map<String,double[][]> tf=q==0&&Files.exists(Path.of(dir,"out-"+labels[0],k.name+".tot"))?parseTot(Path.of(dir,"out-"+labels[0],k.name+".tot")):Map.of();
        
        for(int i=0;i<N;i++){double[][] o=f.get("s"+i);if(o==null){mae[q][i]=Double.NaN;continue;}LocalDateTime[][] tt=new LocalDateTime[1][];double[] y=series(k,i,seed,tt);double s=0;int h=Math.min(k.h,o.length);double st=0;
          for(int j=0;j<h;j++){double tr=y[k.n+j];st+=tr;double e=tr-o[j][0];s+=Math.abs(e);boolean in=tr>=o[j][2]-1e-6*Math.abs(tr)&&tr<=o[j][10]+1e-6*Math.abs(tr);cov[q]+=in?1:0;if(q==0){c1+=j==0&&in?1:0;ch+=j==h-1&&in?1:0;bm+=o[j][1];bt+=tr;}tot++;for(int z=0;z<9;z++){double lv=(z+1)/10.,d=tr-o[j][2+z];crps[q]+=2*Math.max(lv*d,(lv-1)*d)/9/ h;}}
          mae[q][i]=s/h;if(q==0&&tf.containsKey("s"+i)){double[] w=tf.get("s"+i)[0];nt++;tc+=st>=w[0]-1e-6*Math.abs(st)&&st<=w[1]+1e-6*Math.abs(st)?1:0;}}
        cov[q]/=tot;}
      if(!ok)continue;
      Map<String,Double> rm=new TreeMap<>();for(var e:rules.get(k.name).entrySet()){double s=0;int c=0;for(int i=0;i<N;i++)if(!Double.isNaN(mae[0][i])){s+=e.getValue()[i];c++;}rm.put(e.getKey(),s/c);}
      List<Map.Entry<String,Double>> ord=rm.entrySet().stream().sorted(Map.Entry.comparingByValue()).toList();
      double own=Arrays.stream(mae[0]).filter(v->!Double.isNaN(v)).average().getAsDouble();
      double nn=Arrays.stream(mae[0]).filter(v->!Double.isNaN(v)).count();
      // SE of the difference own-best relative
      double[] be=rules.get(k.name).get(ord.get(0).getKey());double dm=0,dv=0;int c=0;for(int i=0;i<N;i++)if(!Double.isNaN(mae[0][i])){dm+=mae[0][i]-be[i];c++;}dm/=c;for(int i=0;i<N;i++)if(!Double.isNaN(mae[0][i]))dv+=sq(mae[0][i]-be[i]-dm);double se=Math.sqrt(dv/c/c)/ord.get(0).getValue();
      System.out.printf("%-20s %8.3f %6.3f±%.2f %5.3f %-14s %5.1f %5.1f %5.1f %6.3f %6.1f %7.3f%s",k.name,own,own/ord.get(0).getValue(),se,own/ord.get(1).getValue(),ord.get(0).getKey(),100*cov[0],100*c1/nn,100*ch/nn,bm/bt,nt>0?100*tc/nt:Double.NaN,crps[0]/nn,nn<N?" n="+(int)nn:"");
      for(int q=1;q<labels.length;q++){double m=Arrays.stream(mae[q]).filter(v->!Double.isNaN(v)).average().getAsDouble();System.out.printf(" | %-8s %6.3f %6.3f %5.1f",labels[q],m/own,crps[q]/crps[0],100*cov[q]);gm[q]+=Math.log(Math.max(1e-9,m)/Math.max(own,1e-9));gc[q]+=Math.log(Math.max(1e-9,crps[q])/Math.max(1e-9,crps[0]));}
      cnt++;System.out.println();}
    for(int q=1;q<labels.length;q++)System.out.printf("geometric mean %s: mae %.4f crps %.4f over %d kinds%n",labels[q],Math.exp(gm[q]/cnt),Math.exp(gc[q]/cnt),cnt);
  }
  static Map<String,double[][]> parseTot(Path f)throws IOException{Map<String,double[][]> m=new HashMap<>();boolean first=true;for(String l:Files.readAllLines(f)){if(first){first=false;continue;}String[] c=l.split(",",-1);m.put(c[0],new double[][]{{Double.parseDouble(c[6]),Double.parseDouble(c[14])}});}return m;}
}
