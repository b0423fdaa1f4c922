import { AimOutlined, CameraOutlined, CloseOutlined } from '@ant-design/icons'
import { Button, Input } from 'antd'
import { useEffect, useMemo, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import css from './quick.module.css'

interface Props {
  place: string
  onPlace(place: string): void
  photos: File[]
  onPhotos(photos: File[]): void
  /** Its definition has room for a place, and for files. */
  hasPlace: boolean
  hasPhotos: boolean
}

type Trouble = 'denied' | 'unavailable' | 'missing'

/** `31.23042, 121.47370 (±35 m)`: no address is looked up, for that would tell a stranger where one is. */
export const coordinates = ({ latitude, longitude, accuracy }: GeolocationCoordinates) =>
  `${latitude.toFixed(5)}, ${longitude.toFixed(5)} (±${Math.max(1, Math.round(accuracy))} m)`

/** Where a visit was, and pictures of it. The browser asks before it tells the place. */
export function Visit({ place, onPlace, photos, onPhotos, hasPlace, hasPhotos }: Props) {
  const { t } = useTranslation('quick')
  const [looking, setLooking] = useState(false)
  const [trouble, setTrouble] = useState<Trouble>()
  const picker = useRef<HTMLInputElement>(null)
  const current = useRef(place)
  current.current = place

  const locate = () => {
    setTrouble(undefined)
    if (!navigator.geolocation || window.isSecureContext === false) return setTrouble('missing')
    setLooking(true)
    navigator.geolocation.getCurrentPosition(
      ({ coords }) => {
        setLooking(false)
        // What was typed stays; a place found before is replaced.
        const typed = current.current.replace(/\s*-?\d+\.\d{5}, -?\d+\.\d{5} \(±\d+ m\)$/, '')
        onPlace([typed, coordinates(coords)].filter(Boolean).join(' '))
      },
      (e) => {
        setLooking(false)
        setTrouble(e.code === 1 ? 'denied' : 'unavailable')
      },
      { enableHighAccuracy: true, timeout: 15_000, maximumAge: 60_000 },
    )
  }

  return (
    <div className={css.visit}>
      {hasPlace && (
        <div className={css.place}>
          <Input
            value={place}
            onChange={(e) => onPlace(e.target.value)}
            placeholder={t('visit.place')}
            aria-label={t('visit.place')}
            maxLength={500}
          />
          <Button icon={<AimOutlined aria-hidden />} loading={looking} onClick={locate}>
            {t('visit.locate')}
          </Button>
        </div>
      )}
      {trouble && (
        <p className={css.trouble} role="alert">
          {t(`visit.${trouble}`)}
        </p>
      )}
      {hasPhotos && (
        <div className={css.photos}>
          {photos.map((photo) => (
            <Thumb
              key={`${photo.name} ${photo.size} ${photo.lastModified}`}
              photo={photo}
              onRemove={() => onPhotos(photos.filter((p) => p !== photo))}
            />
          ))}
          <Button icon={<CameraOutlined aria-hidden />} onClick={() => picker.current?.click()}>
            {t('visit.photo')}
          </Button>
          <input
            ref={picker}
            type="file"
            accept="image/*"
            multiple
            hidden
            data-testid="photos"
            onChange={(e) => {
              onPhotos([...photos, ...(e.target.files ?? [])])
              e.target.value = ''
            }}
          />
        </div>
      )}
    </div>
  )
}

function Thumb({ photo, onRemove }: { photo: File; onRemove(): void }) {
  const { t } = useTranslation('quick')
  const address = useMemo(() => URL.createObjectURL(photo), [photo])
  useEffect(() => () => URL.revokeObjectURL(address), [address])
  return (
    <span className={css.thumb}>
      <img src={address} alt={photo.name} />
      <button type="button" aria-label={t('visit.removePhoto', { name: photo.name })} onClick={onRemove}>
        <CloseOutlined aria-hidden />
      </button>
    </span>
  )
}
