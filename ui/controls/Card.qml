import QtQuick

Rectangle {
    color: Theme.card
    radius: Theme.radiusLarge
    border.width: 2
    border.color: Theme.hairline
}
