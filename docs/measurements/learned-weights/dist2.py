from mlp import *
T=dict(np.load('train.npz')); Hh=dict(np.load('held.npz'))
r=np.random.default_rng(0); k=r.random(len(T['set']))<.4; T={a:b[k] for a,b in T.items()}
kept=set(w['set'] for w in csv.DictReader(open('kept.csv'))); v=np.array([s not in kept for s in Hh['set']]); V={a:b[v] for a,b in Hh.items()}; Kp={a:b[~v] for a,b in Hh.items()}
def prep(D):
    b,wt,f=err(D)
    o=np.exp(D['MX'][:,:,5]*2)  # error of member, over the scale
    return dict(D=D,b=b,wt=wt,f=f,o=o)
import sys
S=[('T',prep(T)),('V',prep(V))]
if len(sys.argv)>1: S.append(('K',prep(Kp)))
def go(label,fn):
    for n,p in S:
        z=fn(p)
        e=err(p['D'],np.nan_to_num(z,nan=0,posinf=0,neginf=0).astype(np.float32))[0]
        report(p['D'],p['b'],e,n+' '+label)
def dmean(p): return np.mean(np.abs(p['D']['F']-p['f'][:,:,None]),1)
def omean(p): 
    w=p['wt'].mean(1); return (w*p['o']).sum(1,keepdims=True)

def wmed(F,wt):
    o=np.argsort(F,2); Fs=np.take_along_axis(F,o,2); Ws=np.take_along_axis(wt,o,2); c=np.cumsum(Ws,2)
    return np.take_along_axis(Fs,(c>=.5).argmax(2)[:,:,None],2)[:,:,0]
for n,p in S: p['med']=wmed(p['D']['F'],p['wt']); p['K']=p['D']['K']; p['isM']=(p['K']==0).astype(float); p['LT']=((p['K']==10)|(p['K']==11)).astype(float); p['L']=p['D']['LOG'].astype(float); p['ES']=((p['K']==7)|(p['K']==8)).astype(float)
def dmed(p): return np.mean(np.abs(p['D']['F']-p['med'][:,:,None]),1)
def dmm(p): return np.mean(np.abs(p['D']['F']-(p['med']+p['f'])[:,:,None]/2),1)
def C2(p,k,d=dmean): return -k*np.log1p(d(p)/(omean(p)+1e-9))
def C1(p,k,d=dmean): return -k*np.log1p(d(p)/(p['o']+1e-9))
E=lambda x:x[:,None,:]
go('C2 2',lambda p:E(C2(p,2)))
go('C2 3',lambda p:E(C2(p,3)))
go('C2 2 med',lambda p:E(C2(p,2,dmed)))
go('C1 2 med',lambda p:E(C1(p,2,dmed)))
go('C2 2 mean of both',lambda p:E(C2(p,2,dmm)))
go('C1+C2 1',lambda p:E(C2(p,1.)+C1(p,1.)))
go('geo o obar 2',lambda p:E(-2*np.log1p(dmean(p)/np.sqrt(p['o']*omean(p)+1e-9))))
for m in (.25,.5,.75): go(f'C2 2 + model {m}',lambda p:E(C2(p,2)+m*p['isM']))
go('C2 2 + logs -.3',lambda p:E(C2(p,2)-.3*p['L']))
go('C2 2 + LT -.5',lambda p:E(C2(p,2)-.5*p['LT']))
go('C2 2 + model .4 LT -.3 ES -.2',lambda p:E(C2(p,2)+.4*p['isM']-.3*p['LT']-.2*p['ES']))
def step(p,k): return -k*np.log1p(np.abs(p['D']['F']-p['f'][:,:,None])/(omean(p)+1e-9)[:,:,None])
go('C2 per step 2',lambda p:step(p,2))
def it(p,k,n=2):
    z=0
    for _ in range(n):
        wt=softmax(np.where(p['D']['mask'][:,None,:],p['D']['Z']+z,-60)); f=(wt*p['D']['F']).sum(2); ob=(wt.mean(1)*p['o']).sum(1,keepdims=True)
        z=E(-k*np.log1p(np.mean(np.abs(p['D']['F']-f[:,:,None]),1)/(ob+1e-9)))
    return z
go('C2 1.5 two iterations',lambda p:it(p,1.5))
# relative to the weighted spread
def rel(p,k):
    d=dmean(p); w=p['wt'].mean(1); s=(w*d).sum(1,keepdims=True); return -k*np.log1p(d/(s+1e-9))
go('rel spread 1',lambda p:E(rel(p,1))); go('rel spread 2',lambda p:E(rel(p,2)))
go('rel 1 + C2 1',lambda p:E(rel(p,1)+C2(p,1)))
