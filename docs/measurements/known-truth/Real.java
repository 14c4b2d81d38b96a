import java.nio.file.*; import java.time.*; import java.util.*; import java.util.stream.*;
import org.ttm4j.forecast.*; import org.ttm4j.data.corpus.*;
public class Real {
  public static void main(String[] a) throws Exception { // windows seed sets(regex) variants...
    int K=Integer.parseInt(a[0]); Random r=new Random(Integer.parseInt(a[1])); String only=a[2];
    Corpus c=Corpus.open(Path.of("/work/train/pretrain.bin")); Forecaster f=Forecaster.bundled();
    Map<String,List<Integer>> by=new LinkedHashMap<>(); for(int i=0;i<c.series().size();i++)by.computeIfAbsent(c.series().get(i).dataset(),x->new ArrayList<>()).add(i);
    int nv=a.length-3; double[] gl=new double[nv],gc=new double[nv]; int sets=0; String[] all="x.young x.sn x.sm x.shift x.clean x.yr x.ar".split(" ");
    for(var e:by.entrySet()){ if(!e.getKey().matches(only))continue; List<Integer> ix=e.getValue(); long res=c.series().get(ix.get(0)).resolutionSeconds();
      int h=res<86400?48:res<7*86400?30:res<25*86400?13:res<80*86400?12:res<300*86400?8:5; int season=res<86400?(int)(86400/res):res<7*86400?7:(int)Math.max(1,Math.round(364.*86400/res));
      int least=Math.max(16,res>=7*86400?(int)(1.6*season):Math.min(3*season,400)); List<Integer> ok=ix.stream().filter(i->c.series().get(i).length()>=least+h).toList(); if(ok.isEmpty())continue;
      List<ForecastRequest> rs=new ArrayList<>(); List<float[]> ts=new ArrayList<>();
      for(int k=0;k<K;k++){int s=ok.get(r.nextInt(ok.size()));int len=c.series().get(s).length();int most=Math.min(2048,len-h);int n=(int)Math.round(least*Math.pow((double)most/least,r.nextDouble()));int st=r.nextInt(len-n-h+1);float[] w=new float[n+h];c.read(s,st,n+h,w,0);double[] y=new double[n];int ob=0;for(int i=0;i<n;i++){y[i]=w[i];if(!Double.isNaN(y[i]))ob++;}if(ob<n/2||ob<12)continue;
        rs.add(ForecastRequest.of(new double[][]{y}).withHorizon(h).withFrequency(Duration.ofSeconds(res)));ts.add(Arrays.copyOfRange(w,n,n+h));}
      if(res>=86400&&res<8*86400)System.setProperty("x.year",String.valueOf(365.25*86400/res));else System.clearProperty("x.year");
      double[] mae=new double[nv],cr=new double[nv],cov=new double[nv];int[] diff=new int[nv];double[][] per=new double[nv][rs.size()];int tot=0;
      for(int v=0;v<nv;v++){for(String p:all)System.clearProperty(p);for(String p:a[3+v].split("\\+"))if(!p.equals("base"))System.setProperty("x."+p,"true");
        List<ForecastResult> out=f.forecastAll(rs,Execution.ALONE);tot=0;
        for(int i=0;i<rs.size();i++){ if(!(out.get(i) instanceof ForecastResult.Success s))continue;Forecast q=s.forecast();double m=0,z=0;int n=0;for(int j=0;j<h;j++){double t=ts.get(i)[j];if(Double.isNaN(t))continue;n++;m+=Math.abs(t-q.value(0,j));for(int l=1;l<=9;l++){double lv=l/10.,d=t-q.doubleQuantile(lv)[0][j];z+=2*Math.max(lv*d,(lv-1)*d)/9;}cov[v]+=t>=q.doubleQuantile(.1)[0][j]&&t<=q.doubleQuantile(.9)[0][j]?1:0;tot++;}
          if(n==0)continue;mae[v]+=m/n;cr[v]+=z/n;per[v][i]=m/n;if(v>0&&Math.abs(per[v][i]-per[0][i])>1e-6)diff[v]++;}}
      StringBuilder b=new StringBuilder(String.format("%-34s %8d h%-3d n%-3d mae %.3f c80 %.0f",e.getKey(),res,h,rs.size(),mae[0]/rs.size(),100*cov[0]/tot));
      for(int v=1;v<nv;v++){b.append(String.format(" | %s %.3f %.3f c%.0f d%d",a[3+v].length()>8?"v"+v:a[3+v],mae[v]/mae[0],cr[v]/cr[0],100*cov[v]/tot,diff[v]));gl[v]+=Math.log(mae[v]/mae[0]);gc[v]+=Math.log(cr[v]/cr[0]);}
      System.out.println(b);sets++;
      StringBuilder g=new StringBuilder("   so far "+sets);for(int v=1;v<nv;v++)g.append(String.format(" %s %.4f %.4f",a[3+v],Math.exp(gl[v]/sets),Math.exp(gc[v]/sets)));System.out.println(g);
    }
  }
}
