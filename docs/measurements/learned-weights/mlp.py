from feats import *
import time
class Net:
    def __init__(s, nx, hid=(24,12), seed=0):
        r=np.random.default_rng(seed); s.W=[]; d=nx
        for h in hid: s.W+= [r.normal(0,1/np.sqrt(d),(d,h)), np.zeros(h)]; d=h
        s.W+=[np.zeros((d,1)), np.zeros(1)]
        s.W=[w.astype(np.float32) for w in s.W]
        s.t=np.zeros(1,np.float32)
    def fwd(s,x):
        s.a=[x]
        for i in range(0,len(s.W)-2,2): x=np.tanh(x@s.W[i]+s.W[i+1]); s.a.append(x)
        return (x@s.W[-2]+s.W[-1])[...,0]
    def bwd(s,g):
        G=[None]*len(s.W); g=g[...,None]
        for i in range(len(s.W)-2,-1,-2):
            a=s.a[i//2]; G[i]=a.reshape(-1,a.shape[-1]).T@g.reshape(-1,g.shape[-1]); G[i+1]=g.reshape(-1,g.shape[-1]).sum(0)
            if i: g=(g@s.W[i].T)*(1-a*a)
        return G
def inputs(D):
    N,MM,_=D['MX'].shape
    return np.concatenate([D['MX'],np.broadcast_to(D['SX'][:,None],(N,MM,D['SX'].shape[1]))],2).astype(np.float32)
def window_weights(D,base,sel,power=1.):
    w=np.zeros(len(base)); key=np.array([a+'|'+(g if g in('Hn','Qn','Fn') else g[0]) for a,g in zip(D['set'],D['group'])])
    gl=np.array([k.split('|')[1] for k in key])
    for k in np.unique(key[sel]):
        m=(key==k)&sel
        if m.sum()<5: continue
        w[m]=1/(np.nanmean(base[m])*m.sum())*min(1,m.sum()/30)   # each set-group counts alike
    return w/w.sum()
def train(D,base,tr,va=None,hid=(24,12),epochs=30,lr=3e-3,wd=1e-3,out=1e-3,seed=0,batch=256,X=None,verbose=False,drop=0.):
    r=np.random.default_rng(seed)
    tr=tr&~D['give']&np.isfinite(base)
    w=window_weights(D,base,tr); idx=np.flatnonzero(w>0)
    net=Net(X.shape[2],hid,seed); m=[np.zeros_like(a) for a in net.W]; v=[np.zeros_like(a) for a in net.W]; t=0
    steps=epochs*(len(idx)//batch)
    for ep in range(epochs):
        r.shuffle(idx)
        for b in range(0,len(idx)-batch+1,batch):
            k=idx[b:b+batch]; x=X[k]
            if drop: x=x*(r.random((1,1,x.shape[2]))>drop)
            mk=D['mask'][k]; a=net.fwd(x)*mk
            z=np.where(mk[:,None,:],D['Z'][k]+a[:,None,:],-60); p=softmax(z); F=D['F'][k]; f=(p*F).sum(2)
            y=D['Y'][k]; ok=~np.isnan(y); d=np.where(ok,f-y,0)
            sc=base[k][:,None]*.05+1e-6
            sg=d/np.sqrt(d*d+sc*sc)*ok/np.maximum(1,ok.sum(1,keepdims=True))*(w[k]*len(idx))[:,None]
            g=(sg[:,:,None]*p*(F-f[:,:,None])).sum(1)*mk/batch
            # regularisation of output
            g=g+out*a*mk/mk.sum(1,keepdims=True)/batch
            G=net.bwd(g); t+=1; l=lr*min(1,t/50)*(0.5*(1+np.cos(np.pi*t/steps)))
            for i in range(len(net.W)):
                m[i]=.9*m[i]+.1*G[i]; v[i]=.99*v[i]+.01*G[i]**2
                net.W[i]-=l*((m[i]/(1-.9**t))/(np.sqrt(v[i]/(1-.99**t))+1e-6)+ (wd*net.W[i] if i%2==0 else 0))
        if verbose and ep%5==4:
            e=err(D,(net.fwd(X)*D['mask'])[:,None,:])[0]
            report(D,base,np.where(tr,e,base),f'ep{ep} train')
            if va is not None:
                q=va; sub={k:(x[q] if isinstance(x,np.ndarray) else x) for k,x in D.items()}
                report(sub,base[q],e[q],f'ep{ep} valid')
    return net
def folds(D,k=5,seed=0):
    s=np.unique(D['set']); np.random.default_rng(seed).shuffle(s); f={x:i%k for i,x in enumerate(s)}
    return np.array([f[x] for x in D['set']])
def cv(D,base,X,k=5,seeds=1,label='',**kw):
    fo=folds(D,k); e=base.copy()
    for i in range(k):
        a=0
        for sd in range(seeds):
            net=train(D,base,fo!=i,X=X,seed=sd,**kw); a=a+net.fwd(X[fo==i])/seeds
        sub={kk:x[fo==i] for kk,x in D.items()}
        e[fo==i]=err(sub,(a*sub['mask'])[:,None,:])[0]
    return report(D,base,e,label),e
if __name__=='__main__':
    import sys
    D=dict(np.load('/tmp/hx/%s.npz'%sys.argv[1])); base=err(D)[0]; X=inputs(D)
    print(X.shape)
    t=time.time()
    fo=folds(D)
    train(D,base,fo!=0,fo==0,X=X,verbose=True,epochs=20); print(time.time()-t)
