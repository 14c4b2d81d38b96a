import numpy as np, csv, sys
TYPES=['ModelAlone','ModelAloneRecent','SeasonalDifference','SeasonalProfile','SeasonalNaive1','SeasonalNaiveS','SeasonalMean','ExponentialSmoothing','ES.5','StraightLine','LocalTrend','LTdamped','IntermittentDemand']
P=12
def load(name, limit=None):
    rows=list(csv.DictReader(open(name+'.csv')))
    b=np.fromfile(name+'.bin',dtype='>f4'); ints=b.view('>i4')
    out=[]; o=0
    for r in rows:
        if limit and len(out)>=limit: break
        M,W,S,H,n=int(r['members']),int(r['origins']),int(r['originsteps']),int(r['steps']),int(r['rows'])
        if o>=len(b) or not r["names"]: break
        L=int(ints[o]); o+=1
        tot=L+H*4+M+M*H+M*W*S
        if o+tot>len(b): break
        d=b[o:o+tot].astype(np.float64); o+=tot
        i=0
        def take(k):
            nonlocal i
            i+=k; return d[i-k:i]
        h=take(L); y=take(H); q1=take(H); q9=take(H); made=take(H); prior=take(M); fc=take(M*H).reshape(M,H); err=take(M*W*S).reshape(M,W,S)
        out.append(dict(set=r['set'],group=r['group'],id=r['id'],rows=n,season=int(r['cseason']),m=int(r['season']),H=H,M=M,W=W,S=S,measured=int(r['measured']),giveway=r['giveway']=='true',
           naive=float(r['naive'])/float(r['scale']),names=r['names'].split(';'),h=h,y=y,q1=q1,q9=q9,made=made,prior=prior,fc=fc,err=err))
    return out
def mtype(n):
    t,nm=n.split('=',1); log=t.startswith('log:'); t=t[4:] if log else t
    if t=='ExponentialSmoothing' and TYPES_SEEN is not None: pass
    return log,t,nm
TYPES_SEEN=None
import warnings; warnings.filterwarnings('ignore')
def logits(w, sharp=6.5, half=4., mix=.5, decayshare=.1, lastw=None):
    """today's logits H x M, with prior; and overall errors"""
    M,W,S,H=w['M'],w['W'],w['S'],w['H']
    if W==0:
        return np.tile(w['prior'],(H,1)), np.full(M,np.nan), np.full((H,M),np.nan)
    e=w['err']
    pm=np.nanmean(e,axis=2) # M,W
    overall=np.nanmean(pm,axis=1)
    s=np.zeros((M,H)); c=np.zeros((M,H)); ok=~np.isnan(e)
    k=min(S,H)
    s[:,:k]=np.where(ok,e,0).sum(1)[:,:k]; c[:,:k]=ok.sum(1)[:,:k]
    A=np.exp(-np.abs(np.arange(H)[:,None]-np.arange(H)[None])/(decayshare*H))
    around=(s@A)/(c@A)
    worst=np.nanmax(overall) if np.isfinite(overall).any() else 1.
    er=np.where(np.isnan(overall)[:,None],worst,overall[:,None]**(1-mix)*around**mix) # M,H
    sh=sharp*w['measured']/(w['measured']+half)
    z=w['prior'][:,None]-sh*np.log(er/max(worst,1e-12)+1e-12)
    return z.T, overall, er.T
def softmax(z):
    z=z-z.max(-1,keepdims=True); e=np.exp(z); return e/e.sum(-1,keepdims=True)
if __name__=='__main__':
    ws=load(sys.argv[1],300)
    dif=[]
    import collections
    for w in ws:
        z,_,_=logits(w)
        f=(softmax(z)*w['fc'].T).sum(1)
        dif.append(np.abs(f-w['made']).max() if not w['giveway'] else 0)
    dif=np.array(dif); print(len(ws),'max diff',dif.max(), np.sort(dif)[-5:], 'giveway',np.mean([w['giveway'] for w in ws]))
    print(collections.Counter(n for w in ws for n in w['names']).most_common(60))
    print(collections.Counter(w['M'] for w in ws))
