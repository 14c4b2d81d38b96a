from mlp import *
import os
T=dict(np.load('train.npz')); 
if not os.path.exists('held.npz'):
    ws=load('kept')+load('valid'); H=build(ws); np.savez('held.npz',**H)
Hh=dict(np.load('held.npz')); 
bT=err(T)[0]; bH=err(Hh)[0]; XT=inputs(T); XH=inputs(Hh)
import sys
kw=eval('dict(%s)'%sys.argv[1]) if len(sys.argv)>1 else {}
net=train(T,bT,np.ones(len(bT),bool),X=XT,**kw)
e=err(Hh,(net.fwd(XH)*Hh['mask'])[:,None,:])[0]
r=report(Hh,bH,e,str(kw))
kept=np.array([s in set(w['set'] for w in csv.DictReader(open('kept.csv'))) for s in Hh['set']])
for nm,m in (('kept',kept),('valid',~kept)):
    sub={k:x[m] for k,x in Hh.items()}; report(sub,bH[m],e[m],nm)
for g in 'WD':
  for s in np.unique(Hh['set']):
    m=(Hh['set']==s)&np.array([x[0]==g for x in Hh['group']])
    if m.sum()>5: print(g,s,m.sum(),round(float(np.nanmean(np.where(Hh['give'],bH,e)[m])/np.nanmean(bH[m])),4),end='; ')
print()
