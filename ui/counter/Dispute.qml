pragma ComponentBehavior: Bound
import QtQuick
import ui.controls

Frame {
    id: screen

    covered: vm.photos.open
    title: Lang.tr("有争议")
    lead: vm.tool

    Card {
        id: tool

        visible: !screen.vm.why.typing
        width: parent.width
        height: Math.max(140, fact.implicitHeight + 40)

        Fact {
            id: fact

            anchors {
                left: parent.left
                leftMargin: 28
                right: shots.left
                rightMargin: 20
                verticalCenter: parent.verticalCenter
            }
            glyph: screen.vm.glyph
            text: screen.vm.tool
            detail: screen.vm.charged
            bold: true
        }

        BigButton {
            id: shots

            objectName: "photo"
            anchors {
                right: parent.right
                rightMargin: 20
                verticalCenter: parent.verticalCenter
            }
            height: 100
            glyph: "camera"
            text: screen.vm.photos.photos.length > 0 ? Lang.tr("照片 {n} 张", {
                "n": screen.vm.photos.photos.length
            }) : Lang.tr("拍照")
            onClicked: screen.vm.photos.start()
        }
    }

    WhyPanel {
        y: screen.vm.why.typing ? 0 : tool.height + 28
        width: parent.width
        height: parent.height - y - (done.visible ? done.height + 20 : 0)
        visible: !screen.vm.ready
        why: screen.vm.why
        question: Lang.tr("本人怎么说？")
    }

    Column {
        y: tool.height + 28
        width: parent.width
        spacing: 24
        visible: screen.vm.ready

        Caption {
            width: parent.width
            text: Lang.tr("本人说：")
            color: Theme.ink2
        }

        Caption {
            objectName: "said"
            width: parent.width
            text: screen.vm.words
            font.pixelSize: Theme.h1
            bold: true
        }

        BigButton {
            objectName: "unsay"
            glyph: "edit"
            text: Lang.tr("改一下")
            onClicked: screen.vm.unsay()
        }
    }

    BigButton {
        id: done

        objectName: "done"
        anchors.bottom: parent.bottom
        width: parent.width
        visible: screen.vm.ready
        kind: "primary"
        glyph: "check"
        text: Lang.tr("记下来，等答复")
        onClicked: screen.vm.done()
    }

    over: [
        PhotoTaker {
            anchors.fill: parent
            taker: screen.vm.photos
        }
    ]
}
