pragma ComponentBehavior: Bound
import QtQuick
import ui.controls

Frame {
    id: screen

    title: Lang.tr("照片")

    Rectangle {
        id: wall

        width: Theme.portrait || screen.vm.photos.length < 2 ? parent.width : parent.width - 340
        height: Theme.portrait && screen.vm.photos.length > 1 ? parent.height - 260 : parent.height
        radius: Theme.radiusLarge
        color: Theme.sky

        Image {
            objectName: "photoLarge"
            anchors.fill: parent
            anchors.margins: 12
            fillMode: Image.PreserveAspectFit
            source: screen.vm.large
            cache: false
            Accessible.ignored: true
        }

        Caption {
            anchors.centerIn: parent
            visible: screen.vm.known && screen.vm.large === ""
            text: Lang.tr("这张照片不在这台机器上")
            color: Theme.ink2
        }
    }

    ListView {
        id: thumbs

        objectName: "photoList"
        x: Theme.portrait ? 0 : wall.width + 28
        y: Theme.portrait ? wall.height + 24 : 0
        width: Theme.portrait ? parent.width : 312
        height: Theme.portrait ? 236 : parent.height
        visible: screen.vm.photos.length > 1
        orientation: Theme.portrait ? ListView.Horizontal : ListView.Vertical
        clip: true
        spacing: 20
        boundsBehavior: Flickable.StopAtBounds
        model: screen.vm.photos

        delegate: PhotoThumb {
            required property string modelData
            required property int index

            objectName: "photoThumb" + index
            width: 312
            height: 220
            source: modelData
            text: Lang.tr("第 {n} 张", {
                "n": index + 1
            })
            checked: screen.vm.at === index
            onClicked: screen.vm.choose(index)
        }
    }
}
