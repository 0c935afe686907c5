import QtQuick
import ui.controls

Frame {
    id: screen

    title: Lang.tr("请 {name} 签字", {
        "name": vm.who
    })

    Column {
        id: said

        width: parent.width
        spacing: 12

        Caption {
            width: parent.width
            text: screen.vm.tools
            font.pixelSize: Theme.h2
            bold: true
        }

        Caption {
            width: parent.width
            text: Lang.tr("安全须知已经听明白，配件当面点清，按价付租金，损坏、丢失照价赔。押金 {money}", {
                "money": screen.vm.deposit
            })
        }
    }

    SignaturePad {
        id: pad

        y: said.height + 24
        width: parent.width
        height: parent.height - y - foot.height - 24
        hint: Lang.tr("用手指在这里写名字")
    }

    Row {
        id: foot

        anchors.bottom: parent.bottom
        width: parent.width
        height: Theme.primary
        spacing: 24

        BigButton {
            objectName: "again"
            width: (parent.width - 24) * 0.35
            height: parent.height
            glyph: "eraser"
            enabled: !pad.empty
            text: Lang.tr("重写")
            onClicked: pad.clear()
        }

        BigButton {
            objectName: "signed"
            width: (parent.width - 24) * 0.65
            kind: "primary"
            glyph: "check"
            enabled: !pad.empty
            text: Lang.tr("签好了")
            onClicked: screen.vm.sign(pad.strokes)
        }
    }
}
