pragma ComponentBehavior: Bound
import QtQuick
import ui.controls

// In place of the screen (Frame.over): the running picture, then the one taken; or the pictures that lie here.
Item {
    id: panel

    required property var taker
    readonly property bool live: taker.state === "live" || taker.state === "starting"
    readonly property bool still: taker.state === "still"
    readonly property bool files: taker.state === "files"
    readonly property real side: Theme.portrait ? width : width * 0.64

    visible: taker.open

    Rectangle {
        id: eye

        width: panel.side
        height: Theme.portrait ? Math.min(panel.height - strip.height - foot.height - 48, width * 0.9) : panel.height
        radius: Theme.radiusLarge
        color: Theme.sky
        clip: true

        Image {
            objectName: "photoLive"
            anchors.fill: parent
            anchors.margins: 10
            visible: panel.taker.state === "live"
            fillMode: Image.PreserveAspectFit
            source: panel.taker.frame > 0 ? "image://camera/" + panel.taker.frame : ""
            cache: false
            Accessible.ignored: true
        }

        Image {
            objectName: "photoStill"
            anchors.fill: parent
            anchors.margins: 10
            visible: panel.still
            fillMode: Image.PreserveAspectFit
            source: panel.still && panel.taker.photos.length > 0 ? panel.taker.photos[panel.taker.photos.length - 1] : ""
            cache: false
            Accessible.ignored: true
        }

        Column {
            anchors.centerIn: parent
            width: parent.width - 80
            spacing: 28
            visible: panel.taker.state === "starting" || panel.taker.state === "blind" || (panel.files && panel.taker.files.length === 0)

            Icon {
                anchors.horizontalCenter: parent.horizontalCenter
                name: panel.files ? "photo" : panel.taker.state === "blind" ? "camera-off" : "camera"
                size: 200
            }

            Caption {
                objectName: "photoHint"
                width: parent.width
                horizontalAlignment: Text.AlignHCenter
                text: panel.files ? (panel.taker.looked ? Lang.tr("这里没有图片。可以插上 U 盘再找一次") : Lang.tr("正在找图片…")) : panel.taker.state === "blind" ? Lang.tr("摄像头没有连上，可以从图片里选") : Lang.tr("正在打开摄像头…")
            }
        }

        GridView {
            id: grid

            readonly property int across: Theme.portrait ? 3 : 4

            objectName: "photoFiles"
            anchors.fill: parent
            anchors.margins: 16
            visible: panel.files
            clip: true
            boundsBehavior: Flickable.StopAtBounds
            cellWidth: Math.floor(width / across)
            cellHeight: cellWidth * 0.86
            model: panel.files ? panel.taker.files : []

            delegate: PhotoThumb {
                required property var modelData
                required property int index

                objectName: "photoFile" + index
                width: grid.cellWidth - 14
                height: grid.cellHeight - 14
                source: modelData.source
                text: modelData.text
                checked: modelData.chosen
                onClicked: panel.taker.choose(index)
            }
        }
    }

    Item {
        id: strip

        x: Theme.portrait ? 0 : eye.width + 40
        y: Theme.portrait ? eye.height + 24 : 0
        width: panel.width - x
        height: Theme.portrait ? 270 : panel.height - foot.height - 24

        Caption {
            id: count

            width: parent.width
            text: panel.taker.photos.length === 0 ? Lang.tr("还没有照片") : Lang.tr("{n} 张照片，点一下就去掉", {
                "n": panel.taker.photos.length
            })
            bold: true
        }

        Grid {
            y: count.height + 16
            width: parent.width
            columns: Theme.portrait ? 4 : 2
            spacing: 16

            Repeater {
                model: panel.taker.photos

                PhotoThumb {
                    required property string modelData
                    required property int index

                    objectName: "photoDrop" + index
                    width: Theme.portrait ? (strip.width - 48) / 4 : (strip.width - 16) / 2
                    height: Theme.portrait ? 190 : width * 0.75
                    source: modelData
                    text: Lang.tr("去掉第 {n} 张", {
                        "n": index + 1
                    })
                    cross: true
                    onClicked: panel.taker.drop(index)
                }
            }
        }
    }

    Column {
        id: foot

        x: Theme.portrait ? 0 : eye.width + 40
        y: panel.height - height
        width: panel.width - x
        spacing: 18

        BigButton {
            objectName: "photoShoot"
            width: parent.width
            visible: panel.live || panel.taker.state === "blind"
            kind: "primary"
            glyph: "camera"
            enabled: panel.taker.state === "live" && !panel.taker.full
            text: panel.taker.full ? Lang.tr("够了，最多 {n} 张", {
                "n": panel.taker.photos.length
            }) : Lang.tr("拍照")
            onClicked: panel.taker.shoot()
        }

        Row {
            width: parent.width
            height: 112
            spacing: 18
            visible: panel.still

            BigButton {
                objectName: "photoAgain"
                width: (parent.width - 18) / 2
                height: parent.height
                glyph: "rotate"
                text: Lang.tr("重拍")
                onClicked: panel.taker.again()
            }

            BigButton {
                objectName: "photoMore"
                width: (parent.width - 18) / 2
                height: parent.height
                enabled: !panel.taker.full
                glyph: "plus"
                text: Lang.tr("再拍一张")
                onClicked: panel.taker.start()
            }
        }

        BigButton {
            objectName: "photoFromFile"
            width: parent.width
            visible: !panel.still
            glyph: panel.files ? "camera" : "photo"
            text: panel.files ? Lang.tr("用摄像头拍") : Lang.tr("从图片里选")
            onClicked: panel.files ? panel.taker.start() : panel.taker.lookForFiles()
        }

        BigButton {
            objectName: "photoDone"
            width: parent.width
            kind: panel.still || panel.files ? "primary" : "secondary"
            glyph: panel.taker.photos.length > 0 ? "check" : "arrow-left"
            text: panel.taker.photos.length > 0 ? Lang.tr("好了") : Lang.tr("不拍了")
            onClicked: panel.taker.close()
        }
    }
}
