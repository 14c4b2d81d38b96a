from mlp import *
T=dict(np.load('train.npz')); Hh=dict(np.load('held.npz')); bT=err(T)[0]; bH=err(Hh)[0]; XT=inputs(T); XH=inputs(Hh)
kept=set(w['set'] for w in csv.DictReader(open('kept.csv'))); K=np.array([s in kept for s in Hh['set']])
al=np.ones(len(bT),bool)
def run(label,cols=None,**kw):
    c=np.ones(XT.shape[2],bool) if cols is None else cols
    seeds=kw.pop('seeds',1); a=0
    for sd in range(seeds): a=a+train(T,bT,al,X=XT[:,:,c],seed=sd,**kw).fwd(XH[:,:,c])/seeds
    e=err(Hh,(a*Hh['mask'])[:,None,:])[0]
    report(Hh,bH,e,'ALL '+label)
    for n,m in (('V',~K),('K',K)):
        sub={k:x[m] for k,x in Hh.items()}; report(sub,bH[m],e[m],n+' '+label)
    sys.stdout.flush()
import sys
run('24-12 e20 .03',epochs=20,out=.03)
run('24-12 e10 .2',epochs=10,out=.2)
run('24-12 e10 .05 drop.15',epochs=10,out=.05,drop=.15)
c=np.ones(XT.shape[2],bool); c[19:35]=False; c[[0,1]]=False
run('no kinds .05',c,epochs=10,out=.05)
c=np.ones(XT.shape[2],bool); c[35:]=False
run('no series .05',c,epochs=10,out=.05)
run('48-24 e20 .05 3 seeds drop.1',hid=(48,24),epochs=20,out=.05,seeds=3,drop=.1)
