from tests.counter_ui.test_prints import *
def test_x(papers):
    from printing import escpos
    print(len(escpos.encode(paper("01-000901"),P80)))
    papers.device.inject(Fault(FaultKind.EOF, at=400))
    j=papers.ask("01-000901"); print(j.state,j.reason)
    assert 0
