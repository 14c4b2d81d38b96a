from feats import *
import sys
def z_of(w, sharp=6.5, half=4., mix=.5, ds=.1, shrink=0., recent=0., rms=False, p=1., geo=False):
    M,W,S,H=w['M'],w['W'],w['S'],w['H']
    if W==0: return np.tile(w['prior'],(H,1))
    e=w['err']; pm=np.nanmean(e,axis=2)
    if rms: pm=np.sqrt(np.nanmean(e**2,axis=2))
    ww=np.exp(-recent*np.arange(W)); ok=np.isfinite(pm)
    overall=np.where(ok.any(1),np.nansum(np.where(ok,pm,0)*ww,1)/np.maximum((ok*ww).sum(1),1e-12),np.nan)
    if geo: overall=np.exp(np.nanmean(np.log(pm+1e-6),1))
    s=np.zeros((M,H)); c=np.zeros((M,H)); okk=~np.isnan(e); k=min(S,H)
    s[:,:k]=(np.where(okk,e,0)*ww[None,:,None]).sum(1)[:,:k]; c[:,:k]=(okk*ww[None,:,None]).sum(1)[:,:k]
    A=np.exp(-np.abs(np.arange(H)[:,None]-np.arange(H)[None])/(ds*H))
    around=(s@A)/(c@A)
    med=np.nanmedian(overall)
    if shrink:
        n=w['measured']; a=shrink/(n+shrink); overall=(1-a)*overall+a*med; around=(1-a)*around+a*np.nanmedian(around,0)
    worst=np.nanmax(overall) if np.isfinite(overall).any() else 1.
    er=np.where(np.isnan(overall)[:,None],worst,overall[:,None]**(1-mix)*around**mix)
    sh=sharp*w['measured']/(w['measured']+half)
    return (w['prior'][:,None]-sh*np.log(er/max(worst,1e-12)+1e-12)).T
def prep(ws):
    return [w for w in ws if w['group'][0] in 'YQMW' and w['group']!='Qn' and not w['giveway']]
sets={}
T=load('train'); r=np.random.default_rng(0); T=prep([w for w in T if r.random()<.6])
sets=dict(T=T,V=prep(load('valid')),K=prep(load('kept')))
def ev(ws,fn):
    out=np.empty(len(ws))
    for i,w in enumerate(ws):
        p=softmax(fn(w)); f=(p*w['fc'].T).sum(1); out[i]=np.nanmean(np.abs(f-w['y']))
    return out
info={n:(np.array([w['set'] for w in ws]),np.array([w['group'][0] for w in ws])) for n,ws in sets.items()}
base={n:ev(ws,z_of) for n,ws in sets.items()}
def go(label,fn):
    o=[]; 
    for n,ws in sets.items():
        e=ev(ws,fn); st,g=info[n]; al=[]
        for gg in 'YQMW':
            rs=[np.log(np.mean(e[m])/np.mean(base[n][m])) for s in np.unique(st) for m in [(st==s)&(g==gg)] if m.sum()>=5]
            if rs: o.append(f'{gg} {np.exp(np.mean(rs)):.4f}'); al+=rs
        o.append(f'| {n} {np.exp(np.mean(al)):.4f} |')
    print(f'{label:26s}',' '.join(o)); sys.stdout.flush()
def kinds(w): 
    if 'k' not in w: w['k']=np.array([kind(n)[0] for n in w['names']]); w['lg']=np.array([kind(n)[1] for n in w['names']])
    return w['k']
go('half 8',lambda w:z_of(w,half=8)); go('half 12',lambda w:z_of(w,half=12)); go('half 8 sharp 7.5',lambda w:z_of(w,half=8,sharp=7.5))
go('mix .3',lambda w:z_of(w,mix=.3)); go('mix .7',lambda w:z_of(w,mix=.7)); go('neighbourhood .25',lambda w:z_of(w,ds=.25))
go('shrink 2',lambda w:z_of(w,shrink=2.)); go('shrink 2 sharp 8',lambda w:z_of(w,shrink=2.,sharp=8))
go('recent .2',lambda w:z_of(w,recent=.2)); go('recent -.2',lambda w:z_of(w,recent=-.2))
go('rms',lambda w:z_of(w,rms=True)); go('geo',lambda w:z_of(w,geo=True))
