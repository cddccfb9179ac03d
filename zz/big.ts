import { aProposal, aReport, aFinding, aBroken, aCounterexample, aSearch, HOLDS, VACUOUS, MISSING, HOLDS_UP_TO, UNDECIDED, violated, witnessed } from '../test/report/fixtures.js';
const names = ['netlink-xdp','tc-filter','prog-array','chain-call','link-fd','explicit-replace','btf-copy','expected-fd'];
const claims = ['only-the-owner-detaches','an-attached-program-stays-loaded','attachment-survives-its-loader','attachment-ends-with-its-last-holder','no-silent-replacement','detach-leaves-others-alone','unpin-does-not-detach-a-held-link','crash-leaks-nothing','a-failed-call-changes-nothing','close-detaches-exactly-one','extension-fits-its-placeholder','target-outlives-its-extensions','verified-against-what-it-runs-in','placeholder-has-one-occupant','defunct-link-detaches-nothing','update-keeps-the-place','no-cycle-of-holders','all-is-freed-when-all-are-gone','the-packet-meets-what-was-attached','order-is-as-attached','expected-fd-is-not-bypassed','two-daemons-do-not-fight','rootlet-can-be-replaced','extension-may-be-pinned'];
const wit = ['two-owners-coexist','link-becomes-defunct','rootlet-runs-both-firewalls','extension-is-replaced'];
const proposals = names.map((n, i) => aProposal(n, [
  ...claims.flatMap((c, j) => {
    const k = (i*7+j*5+i*j)%11;
    if (k===0) return [];
    if (k===1 && i<4) return [aBroken(c,{counterexample: aCounterexample({reproduce:`npx holdfast show ${n} ${c}`}), expectedReason:'nobody owns the hook: any process that may attach may also replace'})];
    if (k===3 && i===0 && j < 14) return [aBroken(c)];
    if (k===5 && j===9 && i===4) return [aFinding(c,VACUOUS)]; if (k===3 && i===6) return [aFinding(c, HOLDS_UP_TO)];
    if (k===4 && i===6) return [aFinding(c, UNDECIDED)];
    return [aFinding(c, HOLDS)];
  }),
  ...wit.flatMap((c,j)=> (i+j)%4===0?[]:[aFinding(c, witnessed(4+j), {kind:'witness'})]),
], { bounds: {processes:2,fds:3,programs:3,attachments:2,maps:0,pins:1,devices:1}, searches: i===6?[aSearch({states:2_000_000,transitions:12_345_678},{closed:false,stoppedBy:'states',milliseconds:61234}), aSearch({method:'random',states:0,runs:1000,depth:40,boundsMet:[]},{closed:false,stoppedBy:'runs',milliseconds:2100,seed:42})]:[aSearch()] }));
export const bigReport = aReport(proposals, [
 {file:'counterexamples/link-fd/close.yaml', title:'close detaches', status:'as-expected', message:''},
 {file:'counterexamples/netlink-xdp/takeover.yaml', title:'B takes the hook over', status:'changed', message:'call 3 returned EBUSY; the case expects ok'}]);
