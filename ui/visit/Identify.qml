import QtQuick
import ui.controls

// The preview with a frame for the card; the picture reads itself.
Page {
    id: screen

    readonly property bool blind: vm.state === "blind"
    readonly property real previewWidth: Theme.portrait ? width - 2 * gutter : (width - 2 * gutter) * 0.62

    title: blind ? Lang.tr("请输入身份证号码") : Lang.tr("请放上身份证")
    lead: blind ? Lang.tr("这台机器的摄像头没有连上，输号码也一样办") : Lang.tr("以前的单子（二维码）也可以")
    wide: true

    Rectangle {
        id: eye

        width: screen.previewWidth
        height: Theme.portrait ? Math.min(width * 0.75, parent.height - hint.height - buttons.height - 56) : parent.height - hint.height - 24
        radius: Theme.radiusLarge
        color: Theme.sky
        clip: true

        Image {
            id: picture

            objectName: "cameraPreview"
            anchors.fill: parent
            anchors.margins: 10
            fillMode: Image.PreserveAspectCrop
            source: screen.vm.frame > 0 ? "image://camera/" + screen.vm.frame : ""
            cache: false
            visible: screen.vm.frame > 0 && !screen.blind
            Accessible.ignored: true
        }

        // where the card belongs: 85.6 × 54 mm
        Rectangle {
            readonly property real side: Math.min(parent.width * 0.78, parent.height * 0.8 * 1.585)

            anchors.centerIn: parent
            visible: !screen.blind
            width: side
            height: side / 1.585
            radius: 28
            color: "transparent"
            border.width: 8
            border.color: screen.vm.state === "reading" ? Theme.ok : screen.vm.problem ? Theme.pay : Theme.brand
        }

        Icon {
            anchors.centerIn: parent
            visible: screen.blind || screen.vm.frame === 0
            name: screen.blind ? "camera-off" : "id"
            size: 260
        }
    }

    Note {
        id: hint

        objectName: "identifyHint"
        y: eye.height + 24
        width: screen.previewWidth
        height: Math.max(120, implicitHeight)
        tone: screen.blind || screen.vm.problem ? "warn" : screen.vm.state === "reading" ? "ok" : "info"
        text: screen.vm.hint
    }

    Column {
        id: buttons

        x: Theme.portrait ? 0 : screen.previewWidth + 48
        y: parent.height - height
        width: parent.width - x
        spacing: Theme.gap

        BigButton {
            objectName: "typeNumber"
            width: parent.width
            height: Theme.portrait ? Theme.primary : 160
            kind: screen.blind ? "primary" : "secondary"
            size: Theme.h2
            glyph: "keyboard"
            text: Lang.tr("没带身份证，输入号码")
            onClicked: screen.vm.typeNumber()
        }

        BigButton {
            objectName: "lookAround"
            width: parent.width
            height: Theme.portrait ? 112 : 160
            glyph: "eye"
            text: Lang.tr("随便看看活")
            onClicked: screen.vm.lookAround()
        }
    }
}
