import numpy as np, warnings
warnings.filterwarnings('ignore')
from load import *
KINDS=['ModelAlone','ModelAloneRecent','SeasonalDifference','SeasonalProfile','SeasonalNaive1','SeasonalNaiveS','SeasonalMean','Smooth','Theta','StraightLine','LocalTrend','Damped','Intermittent']
STEP={'Y':365.25,'Q':91.3,'M':30.4,'W':7,'D':1}
def kind(n):
    t,nm=n.split('=',1); log=t.startswith('log:'); t=t[4:] if log else t
    if t=='ExponentialSmoothing': t='Theta' if 'Theta' in nm else 'Smooth'
    if t=='LocalTrend': t='Damped' if 'damped' in nm else 'LocalTrend'
    if t=='IntermittentDemand': t='Intermittent'
    found='cycle' in nm
    return KINDS.index(t), log, found, nm
def series_feats(w):
    h=w['h']; ok=~np.isnan(h); s=w['season']; n=w['rows']
    d=h[1:]-h[:-1]; v=h[ok]
    mad=np.nanmean(np.abs(d)) if ok.sum()>2 else 1
    sd=np.std(v)+1e-9
    t=np.arange(len(h))[ok]; 
    slope=np.polyfit(t,v,1); r=v-np.polyval(slope,t); trend=1-np.var(r)/(np.var(v)+1e-12)
    seas=0.
    if s>1 and len(h)>=2*s:
        full=h.copy()-np.polyval(slope,np.arange(len(h)))
        k=len(full)//s; full=full[-k*s:].reshape(k,s)
        pr=np.nanmean(full,0); rr=full-pr
        seas=1-np.nanvar(rr)/(np.nanvar(full)+1e-12)*(k/(k-1))
        seas=max(seas,-.5)
    dd=d[~np.isnan(d)]; dd=dd-dd.mean() if len(dd) else dd
    ac=(dd[1:]*dd[:-1]).sum()/((dd**2).sum()+1e-12) if len(dd)>3 else 0
    q=max(3,s if s<len(h)//2 else 3); growth=0
    a=np.nanmean(h[-q:]); b=np.nanmean(h[-2*q:-q]) if len(h)>=2*q else a
    if not np.isfinite(a) or not np.isfinite(b): a=b=0
    growth=np.clip(a-b,-4,4)
    zero=np.mean(v==0); pos=float(v.min()>0)
    cv=np.clip(np.log(sd/(abs(v.mean())+1e-9)),-5,3)
    g=w['group'][0]; days=STEP.get(w['group'][0],None)
    if w['group'] in('Qn','Hn') or days is None: days=1/ (w['m'] if w['m']>1 else 24)
    if not np.isfinite(ac): ac=0
    return [np.log(n)/3-2, np.log(days)/3, np.log(s)/2-1, np.log(n/s)/2-1.5, w['W']/6, w['measured']/(w['measured']+4.), w['S']/w['H'], np.log(w['H'])/2-1.3,
            trend, seas, ac, np.clip(np.log(mad+1e-9),-4,3)/2, abs(growth)/2, zero, pos, cv/2]
def build(ws):
    N=len(ws); MM=max(w['M'] for w in ws)
    Z=np.full((N,P,MM),-60.,np.float32); F=np.zeros((N,P,MM),np.float32); Y=np.full((N,P),np.nan,np.float32)
    K=np.full((N,MM),-1,int); LOG=np.zeros((N,MM),bool); X=[]; SX=np.zeros((N,16),np.float32)
    nm=22; MX=np.zeros((N,MM,nm+len(KINDS)),np.float32); mask=np.zeros((N,MM),bool)
    for i,w in enumerate(ws):
        M=w['M']; z,ov,er=logits(w)
        idx=np.unique(np.round(np.linspace(0,w['H']-1,P)).astype(int)) if w['H']>=P else np.arange(w['H'])
        # fewer than P: repeat not needed, NaN truth
        k=len(idx)
        Z[i,:k,:M]=z[idx]; F[i,:k,:M]=w['fc'].T[idx]; Y[i,:k]=w['y'][idx]
        Z[i,k:,:M]=z[idx[-1]]; F[i,k:,:M]=w['fc'].T[idx[-1]]
        mask[i,:M]=True
        SX[i]=series_feats(w)
        kk=[kind(n) for n in w['names']]
        fin=np.isfinite(ov); 
        best=np.nanmin(ov) if fin.any() else 1; worst=np.nanmax(ov) if fin.any() else 1; med=np.nanmedian(ov) if fin.any() else 1
        o=np.where(fin,ov,worst)
        wt=softmax(z.mean(0)); comb=(w['fc']*wt[:,None]).sum(0)
        spread=np.mean(np.abs(w['fc']-comb),1)  # in scale units
        medf=np.median(w['fc'],0); dmed=np.mean(np.abs(w['fc']-medf),1)
        lvl=w['h'][-1] if np.isfinite(w['h'][-1]) else np.nanmean(w['h'])
        bias=np.mean(w['fc']-comb,1)
        pm=np.nanmean(w['err'],2) if w['W'] else np.full((M,1),np.nan)
        last=np.where(np.isfinite(pm[:,0]),pm[:,0],o); 
        sdv=np.nanstd(np.log(pm+1e-6),1); sdv=np.where(np.isfinite(sdv),sdv,0)
        # error at last half of horizon against first half
        S=w['S']
        if S>=4:
            e1=np.nanmean(w['err'][:,:,:S//2],(1,2)); e2=np.nanmean(w['err'][:,:,S//2:],(1,2)); gr=np.log((e2+1e-6)/(e1+1e-6)); gr=np.where(np.isfinite(gr),gr,0)
        else: gr=np.zeros(M)
        for j,(t,lg,found,nme) in enumerate(kk):
            K[i,j]=t; LOG[i,j]=lg
            MX[i,j,nm+t]=1
        lo=np.log(o+1e-6)
        cl=lambda x,a=3: np.clip(x,-a,a)
        MX[i,:M,0]=[float(a[1]) for a in kk]; MX[i,:M,1]=[float(a[2]) for a in kk]
        MX[i,:M,2]=cl(lo-np.log(best+1e-6)); MX[i,:M,3]=cl(lo-np.log(worst+1e-6)); MX[i,:M,4]=cl(lo-np.log(med+1e-6)); MX[i,:M,5]=cl(lo,4)/2
        MX[i,:M,6]=cl(np.log(last+1e-6)-lo,2); MX[i,:M,7]=cl(sdv,2); MX[i,:M,8]=cl(gr,2)
        MX[i,:M,9]=cl(np.log(wt+1e-4),10)/4; MX[i,:M,10]=cl(np.log(spread+1e-3))/2; MX[i,:M,11]=cl(np.log(dmed+1e-3))/2
        MX[i,:M,12]=cl(np.log((spread+1e-4)/(o+1e-4))); MX[i,:M,13]=~fin
        MX[i,:M,14]=cl(np.log((spread+1e-4)/((wt*spread).sum()+1e-4)))
        MX[i,:M,15]=cl(bias,2); MX[i,:M,16]=cl(np.mean(w['fc']-lvl,1),3)/2
        MX[i,:M,17]=wt; MX[i,:M,18]=(lo-np.log(best+1e-6)<1e-9)
        # sharpness of what: rough wiggle of forecast vs history
    SX=np.nan_to_num(SX)
    return dict(Z=Z,F=F,Y=Y,K=K,LOG=LOG,MX=np.nan_to_num(MX),SX=SX,mask=mask,
      give=np.array([w['giveway'] for w in ws]),set=np.array([w['set'] for w in ws]),group=np.array([w['group'] for w in ws]),naive=np.array([w['naive'] for w in ws]))
def err(D, Zadj=None, Z=None, mean='w'):
    z=D['Z'] if Z is None else Z
    if Zadj is not None: z=z+Zadj
    z=np.where(D['mask'][:,None,:],z,-60)
    wt=softmax(z); f=(wt*D['F']).sum(2)
    return np.nanmean(np.abs(D['Y']-f),1), wt, f
def report(D, base, e, label='', by='letter', quiet=False):
    """geometric means over sets of the ratio of mean MASE"""
    e=np.where(D['give'],base,e)
    res={}; allr=[]
    gl=np.array([g if g in('Hn','Qn','Fn') else g[0] for g in D['group']]) if by=='letter' else D['group']
    for g in ['Y','Q','M','W','D','Hn','Qn'] if by=='letter' else np.unique(gl):
        rs=[]
        for s in np.unique(D['set'][gl==g]):
            k=(gl==g)&(D['set']==s)
            if k.sum()>=5 : rs.append(np.log(np.nanmean(e[k])/np.nanmean(base[k])))
        if rs: res[g]=(np.exp(np.mean(rs)),len(rs),np.exp(np.std(rs)/np.sqrt(len(rs)))-1); allr+=rs
    if not quiet: print(f'{label:28s}',' '.join(f'{g}:{v[0]:.4f}' for g,v in res.items()),f'all:{np.exp(np.mean(allr)):.4f} +-{np.std(allr)/np.sqrt(len(allr)):.4f}')
    return res
